"""Certificates for a school that has none: an authority of its own, and what it signs for the workbench's address.

One that signs itself is refused by some browser in every form; an authority and a certificate below it are taken by
all. iPads take 397 days at most, and want `serverAuth` said.
"""

from __future__ import annotations

import ipaddress
import plistlib
import re
import ssl
from datetime import datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from workbench.ground import durable
from workbench.ground.errors import BadInput
from workbench.ground.words import _

FOLDER = "certificates"
AUTHORITY, AUTHORITY_KEY = "authority.pem", "authority.key"
SERVER, SERVER_KEY = "workbench.pem", "workbench.key"
PROFILE = "authority.mobileconfig"
LASTS = timedelta(days=390)
AUTHORITY_LASTS = timedelta(days=3650)
_EARLIER = timedelta(days=1)  # clocks of tablets are late


def make(workspace: Path, hosts: list[str], *, school: str, now: datetime) -> Path:
    """Makes the certificate for `hosts` (names and addresses), and the authority where there is none yet.

    Returns their folder. Raises BadInput for what is no host.
    """
    if not hosts:
        raise BadInput(
            _("A certificate is for a name or an address."),
            _("Say where tablets reach the workbench: workbench certificate 192.168.1.20 workbench.school.lan"),
        )
    names = [_name(host) for host in hosts]
    folder = workspace / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    authority, key = _authority(folder, school, now)
    own = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:64])]))
        .issuer_name(authority.subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    durable.write(folder / SERVER_KEY, _private(own))
    durable.write(folder / SERVER, _public(certificate) + _public(authority))
    durable.write(folder / PROFILE, _profile(authority, school))
    return folder


def context(certificate: Path, key: Path) -> ssl.SSLContext:
    """What TLS is spoken with; raises BadInput when a file cannot be used."""
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.minimum_version = ssl.TLSVersion.TLSv1_2
    found.options |= ssl.OP_NO_TICKET  # whoever resumes a session would go on with the certificate of before
    found.num_tickets = 0
    load(found, certificate, key)
    return found


def load(into: ssl.SSLContext, certificate: Path, key: Path) -> None:
    """Takes a certificate that was renewed, for whoever connects from now on; raises BadInput as `context` does."""
    try:
        into.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise BadInput(
            _("The certificate {file} and its key cannot be used: {why}.").format(
                file=certificate, why=getattr(error, "reason", None) or error.strerror or type(error).__name__
            ),
            _("Look at certificate and certificate_key in workbench.toml, or make one: workbench certificate HOST"),
        ) from None


def _authority(folder: Path, school: str, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The authority, made when there is none, or when it ends before what it is to sign."""
    try:
        known = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
        key = serialization.load_pem_private_key((folder / AUTHORITY_KEY).read_bytes(), None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and known.not_valid_after_utc > now + LASTS:
            return known, key
    except (OSError, ValueError):
        pass
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Workbench of {school}"[:64])])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    durable.write(folder / AUTHORITY_KEY, _private(key))
    durable.write(folder / AUTHORITY, _public(made))
    return made, key


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        pass
    if re.fullmatch(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*", host.lower()):
        return x509.DNSName(host.lower())
    raise BadInput(
        _("“{host}” is neither a name nor an address of a computer.").format(host=host),
        _("For example workbench.school.lan or 192.168.1.20, without https:// and port."),
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _profile(authority: x509.Certificate, school: str) -> bytes:
    """The authority as iPads install it; the same identity each time, so that a newer one takes the older's place."""
    mark = str(uuid5(NAMESPACE_URL, f"workbench:{school}")).upper()
    inner = str(uuid5(NAMESPACE_URL, f"workbench:{school}:{authority.serial_number}")).upper()
    common = {"PayloadVersion": 1, "PayloadOrganization": school}
    content = {
        **common,
        "PayloadType": "com.apple.security.root",
        "PayloadIdentifier": f"org.learner-led.workbench.{mark}.authority",
        "PayloadUUID": inner,
        "PayloadDisplayName": f"Workbench of {school}",
        "PayloadContent": authority.public_bytes(serialization.Encoding.DER),
    }
    return plistlib.dumps(
        {
            **common,
            "PayloadType": "Configuration",
            "PayloadIdentifier": f"org.learner-led.workbench.{mark}",
            "PayloadUUID": mark,
            "PayloadDisplayName": f"Workbench of {school}",
            "PayloadContent": [content],
        }
    )
