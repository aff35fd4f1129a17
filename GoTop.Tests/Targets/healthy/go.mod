module example.com/gotop/healthy

go 1.19
