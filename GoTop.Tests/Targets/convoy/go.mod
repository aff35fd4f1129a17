module example.com/gotop/convoy

go 1.19
