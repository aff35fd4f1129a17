module example.com/gotop/tracesample

go 1.19
