#!/usr/bin/env python3
"""Serves FOLDER on a free port of this machine, which it prints, until it is killed.

    http_server.py FOLDER [CERTIFICATE KEY]

/NAME is the file; /cut/NAME breaks off in the middle of it; /stall/NAME stops there and holds the
connection; /away/NAME sends elsewhere, to the address in the file `elsewhere`. With a certificate it
speaks TLS. Writes the path of every request as a line into FOLDER/requests.
"""
import http.server
import pathlib
import ssl
import sys
import threading

FOLDER = pathlib.Path(sys.argv[1])


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open(FOLDER / "requests", "a") as log:
            log.write(self.path + "\n")
        way, name = self.path.lstrip("/").rpartition("/")[::2]
        if way == "away":
            self.send_response(302)
            self.send_header("Location", (FOLDER / "elsewhere").read_text() + name)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        try:
            data = (FOLDER / name).read_bytes()
        except FileNotFoundError:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data if not way else data[:len(data) // 2])
        if way == "stall":
            self.wfile.flush()
            threading.Event().wait()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
