module example.com/gotop/workers

go 1.19
