module example.com/gotop/leak

go 1.19
