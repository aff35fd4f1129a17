module example.com/gotop/trouble

go 1.19
