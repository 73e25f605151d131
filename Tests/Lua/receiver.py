"""A receiver of logs for the tests: `receiver.py KIND COUNT [OPTION=VALUE ...]`.

Prints its process and the port it listens on (or the path), then, once COUNT things have come in, one JSON line for each, and ends. It ends
by itself after 60 seconds at the latest. What is not in Python's library comes from the packages that bootstrap installs.
"""
import base64
import json
import os
import pickle
import signal
import socket
import socketserver
import ssl
import struct
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer

kind, count = sys.argv[1], int(sys.argv[2])
options = dict(word.split("=", 1) for word in sys.argv[3:])
signal.alarm(60)

received = []
enough = threading.Event()
if count == 0:
    enough.set()


def note(thing):
    received.append(thing)
    if len(received) >= count:
        enough.set()


def say(address):
    print(os.getpid(), address, flush=True)


def finish():
    enough.wait()
    for thing in received:
        print(json.dumps(thing), flush=True)
    os._exit(0)


def text(data):
    return data.decode("utf-8", "backslashreplace")


def read_exactly(stream, size):
    data = b""
    while len(data) < size:
        part = stream.recv(size - len(data))
        if not part:
            return None
        data += part
    return data


# The receiver of Python's logging cookbook: four bytes of length, then a pickled dict.
def pickles(stream):
    while (head := read_exactly(stream, 4)) is not None:
        body = read_exactly(stream, struct.unpack(">L", head)[0])
        if body is None:
            return
        import logging
        record = logging.makeLogRecord(pickle.loads(body))
        shown = dict(record.__dict__)
        shown["shown"] = logging.Formatter("%(name)s %(levelname)s %(message)s").format(record)
        note(shown)


def lines(stream):
    for line in stream.makefile("rb"):
        note(text(line.rstrip(b"\n")))


def octets(stream):
    file = stream.makefile("rb")
    while True:
        size = b""
        while (byte := file.read(1)) not in (b" ", b""):
            size += byte
        if not size:
            return
        note(text(file.read(int(size))))


def stream_server(serve):
    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            serve(self.request)

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    server = socketserver.ThreadingTCPServer(("127.0.0.1", int(options.get("port", 0))), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say(server.server_address[1])


def datagram_server():
    if "path" in options:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind(options["path"])
        say(options["path"])
    else:
        listener = socket.socket(socket.AF_INET6 if "v6" in options else socket.AF_INET, socket.SOCK_DGRAM)
        listener.bind(("::1" if "v6" in options else "127.0.0.1", 0))
        say(listener.getsockname()[1])

    def serve():
        while True:
            data = listener.recv(65536)
            if "pickle" in options:
                record = pickle.loads(data[4:])
                note({"length": struct.unpack(">L", data[:4])[0] == len(data) - 4, "msg": record["msg"]})
            else:
                note(text(data))

    threading.Thread(target=serve, daemon=True).start()


def unix_stream_server():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(options["path"])
    listener.listen()
    say(options["path"])

    def serve():
        while True:
            lines(listener.accept()[0])

    threading.Thread(target=serve, daemon=True).start()


def http_server():
    """Statuses are answered in turn, the last one for ever: `status=503,200`."""
    statuses = [int(word) for word in options.get("status", "200").split(",")]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size)
            path, _, query = self.path.partition("?")
            entry = {
                "method": self.command, "path": path, "body": text(body), "connection": self.client_address[1],
                "headers": {name.lower(): value for name, value in self.headers.items()},
            }
            form = query or (text(body) if "urlencoded" in entry["headers"].get("content-type", "") else "")
            entry["form"] = {name: values[0] for name, values in urllib.parse.parse_qs(form, True).items()}
            if kind == "otlp":
                entry["otlp"] = decode_otlp(body)
            status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
            entry["status"] = status
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")
            note(entry)

        do_GET = do_POST = answer

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    if "cert" in options:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["cert"], options["key"])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say(server.server_address[1])


def decode_otlp(body):
    """Through the protocol's own message classes, which refuse what is not in it."""
    from google.protobuf import json_format
    from opentelemetry.proto.collector.logs.v1 import logs_service_pb2

    request = json_format.Parse(body, logs_service_pb2.ExportLogsServiceRequest())

    def value(any_value):
        case = any_value.WhichOneof("value")
        if case is None:
            return None
        if case == "array_value":
            return [value(item) for item in any_value.array_value.values]
        if case == "kvlist_value":
            return attributes(any_value.kvlist_value.values)
        return getattr(any_value, case)

    def attributes(pairs):
        return {pair.key: value(pair.value) for pair in pairs}

    result = []
    for resource in request.resource_logs:
        for scope in resource.scope_logs:
            for record in scope.log_records:
                result.append({
                    "resource": attributes(resource.resource.attributes), "scope": scope.scope.name,
                    "body": value(record.body), "severity": record.severity_number,
                    "severity_text": record.severity_text, "time": record.time_unix_nano,
                    # Identifiers are hexadecimal in OTLP's JSON, where protobuf's own would have base64.
                    "trace": base64.b64encode(record.trace_id).decode(), "span": base64.b64encode(record.span_id).decode(),
                    "flags": record.flags, "attributes": attributes(record.attributes),
                })
    return result


def smtp_server():
    import logging
    import warnings
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult
    from email import message_from_bytes, policy

    # Clients that give up are what some tests are about.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")

    class Server(SMTP):
        # Not before the client has had its answer.
        def connection_lost(self, error):
            super().connection_lost(error)
            if len(received) >= count:
                enough.set()

    class ServerController(Controller):
        def factory(self):
            return Server(self.handler, **self.SMTP_kwargs)

    class Handler:
        async def handle_DATA(self, server, session, envelope):
            mail = message_from_bytes(envelope.original_content, policy=policy.default)
            received.append({
                "from": envelope.mail_from, "to": envelope.rcpt_tos, "subject": mail["Subject"],
                "names": [name for name in mail.keys()], "header_from": mail["From"], "header_to": mail["To"],
                "text": mail.get_content(), "raw": text(envelope.original_content), "tls": session.ssl is not None,
                "user": session.auth_data,
            })
            if options.get("answer"):
                return options["answer"]
            return "250 OK"

    def authenticate(server, session, envelope, mechanism, data):
        login, password = text(data.login), text(data.password)
        return AuthResult(success=(login, password) == ("user", "secret"), auth_data=login)

    arguments = {}
    if "cert" in options:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["cert"], options["key"])
        arguments.update(tls_context=context, require_starttls=True)
    if "auth" in options:
        arguments.update(authenticator=authenticate, auth_required=True, auth_require_tls="cert" in options)
    probe = socket.socket()
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
    probe.close()
    ServerController(Handler(), hostname="127.0.0.1", port=port, **arguments).start()
    say(port)


def broken_server():
    """Accepts and never answers; with `greeting`, says hello first, and with `half` hangs up in the middle of a mail."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    say(listener.getsockname()[1])
    kept = []

    def serve():
        while True:
            stream = listener.accept()[0]
            kept.append(stream)
            if "half" in options:
                threading.Thread(target=die_half_way, args=(stream,), daemon=True).start()
            else:
                note("connected")

    def die_half_way(stream):
        stream.sendall(b"220 hello\r\n")
        file = stream.makefile("rb")
        for line in file:
            if line.startswith(b"DATA"):
                stream.sendall(b"354 go on\r\n")
                file.readline()
                break
            stream.sendall(b"250 OK\r\n")
        note("died")
        file.close()
        stream.close()

    threading.Thread(target=serve, daemon=True).start()


{
    "pickle": lambda: stream_server(pickles),
    "lines": lambda: stream_server(lines),
    "octets": lambda: stream_server(octets),
    "datagrams": datagram_server,
    "unix": unix_stream_server,
    "http": http_server,
    "otlp": http_server,
    "smtp": smtp_server,
    "broken": broken_server,
}[kind]()
finish()
