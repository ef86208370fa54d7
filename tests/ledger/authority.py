"""A time-stamp authority that openssl makes up: real RFC 3161 answers, trusted by nobody."""

import shutil
import subprocess
from pathlib import Path

OPENSSL = shutil.which("openssl")
_CONFIG = """\
[req]
distinguished_name = name
prompt = no
[name]
CN = An authority of a test
[stamp]
basicConstraints = critical,CA:TRUE
keyUsage = critical,digitalSignature,keyCertSign
[leaf]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
"""


class Authority:
    """The authority, its files in a folder that is thrown away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        config = self.folder / "config"
        config.write_text(_CONFIG.format(folder=self.folder), encoding="ascii")
        (self.folder / "serial").write_text("01\n", encoding="ascii")
        common = ["-config", str(config), "-newkey", "rsa:2048", "-nodes", "-days", "36500"]
        self._openssl(
            "req", "-x509", *common, "-extensions", "stamp", "-subj", "/CN=A root of a test",
            "-keyout", "root.key", "-out", "root.pem",
        )  # fmt: skip
        self._openssl(
            "req", "-new", "-config", str(config), "-newkey", "rsa:2048", "-nodes",
            "-keyout", "tsa.key", "-out", "tsa.csr",
        )  # fmt: skip
        self._openssl(
            "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key",
            "-set_serial", "2", "-days", "36500", "-extfile", str(config), "-extensions", "leaf",
            "-out", "tsa.pem",
        )  # fmt: skip
        self.certificate = (self.folder / "root.pem").read_bytes()

    def response(self, data: bytes) -> bytes:
        """The answer for these bytes."""
        (self.folder / "data").write_bytes(data)
        self._openssl("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query")
        return self.answer((self.folder / "query").read_bytes())

    def answer(self, query: bytes) -> bytes:
        """The answer to a query as a client sends it."""
        (self.folder / "query").write_bytes(query)
        self._openssl(
            "ts", "-reply", "-config", "config", "-section", "one",
            "-queryfile", "query", "-out", "reply",
        )  # fmt: skip
        return (self.folder / "reply").read_bytes()

    def _openssl(self, *words: str) -> None:
        assert OPENSSL is not None
        subprocess.run(  # noqa: S603 - a fixed program and our own words
            [OPENSSL, *words], cwd=self.folder, check=True, capture_output=True
        )
