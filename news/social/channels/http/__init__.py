"""HTTP client for networks: allowed hosts only, one connection a request, no secrets in logs."""
