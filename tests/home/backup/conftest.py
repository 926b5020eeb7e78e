"""A real S3 server."""

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

KEYS = {"aws_access_key_id": "situs", "aws_secret_access_key": "uji"}


@pytest.fixture(scope="session")
def s3_server():
    """The address of a server that stays for the whole run."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_client(s3_server):
    """Whoever has the keys of the store, which holds one empty bucket."""
    # What it keeps belongs to the process.
    requests.post(f"{s3_server}/moto-api/reset", timeout=60).raise_for_status()
    client = boto3.client("s3", endpoint_url=s3_server, region_name="us-east-1", **KEYS)
    client.create_bucket(Bucket="cadangan")
    return client
