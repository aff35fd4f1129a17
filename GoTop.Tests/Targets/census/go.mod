module example.com/gotop/census

go 1.19
