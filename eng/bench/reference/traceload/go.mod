module gotop/bench/traceload

go 1.22
