module example.com/gotop/waits

go 1.19
