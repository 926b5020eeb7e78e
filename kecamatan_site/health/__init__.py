"""Tells how the site is: the doctor's rows, ``/healthz``, metrics, and the worker's heartbeat."""
