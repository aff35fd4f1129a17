module example.com/fleetpages

go 1.22
