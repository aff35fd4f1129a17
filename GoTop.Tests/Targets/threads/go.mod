module example.com/gotop/threads

go 1.19
