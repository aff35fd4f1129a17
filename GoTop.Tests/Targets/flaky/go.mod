module example.com/gotop/flaky

go 1.19
