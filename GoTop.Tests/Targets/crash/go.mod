module example.com/gotop/crash

go 1.19
