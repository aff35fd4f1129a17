module example.com/gotop/hang

go 1.19
