"""Ports of this machine that nobody listens on."""
import socket, sys


def free_ports(count, first):
    """The first of `count` ports in a row, from `first` on, that nobody listens on."""
    for base in range(first, 40000, 10):
        socks = []
        try:
            for port in range(base, base + count):
                sock = socket.socket()
                sock.bind(("127.0.0.1", port))
                socks.append(sock)
            return base
        except OSError:
            continue
        finally:
            for sock in socks:
                sock.close()
    sys.exit(f"no free ports between {first} and 40000")
