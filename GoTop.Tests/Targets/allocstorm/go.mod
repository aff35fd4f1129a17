module example.com/gotop/allocstorm

go 1.19
