"""Real certificates (RFC 5280), the same in every run: keys come from the names, signatures have no chance in them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ISSUED = datetime(2026, 9, 1, tzinfo=UTC)
PUBLIC_CA = "Example Public CA R3"
SMALL_PRIMES = tuple(n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2)))
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Subject:
    """What a certificate says about its owner."""

    common_name: str
    organisation: str = ""
    country: str = ""
    alternative_names: tuple[str, ...] = ()
    days: int = 90
    issued: datetime = ISSUED
    rsa_bits: int = 0
    """An RSA key of that size instead of P-256."""


@lru_cache(maxsize=4096)
def self_signed(subject: Subject) -> bytes:
    """DER of a certificate that signs itself."""
    key = _key(f"self {subject.common_name}", subject.rsa_bits)
    return _signed(subject, key, _name(subject), key)


@lru_cache(maxsize=4096)
def chain(subject: Subject, authority: str = PUBLIC_CA) -> tuple[bytes, bytes]:
    """DER of a server's certificate and of the authority's that signs it."""
    issuer = Subject(authority, "Example Trust Services", "US", days=3650, issued=datetime(2024, 1, 1, tzinfo=UTC))
    signer = _key(f"ca {authority}", 0)
    leaf = _signed(subject, _key(f"leaf {subject.common_name}", subject.rsa_bits), _name(issuer), signer)
    return leaf, _signed(issuer, signer, _name(issuer), signer, authority=True)


def _name(subject: Subject) -> x509.Name:
    fields = ((NameOID.COUNTRY_NAME, subject.country), (NameOID.ORGANIZATION_NAME, subject.organisation))
    parts = [x509.NameAttribute(oid, value) for oid, value in fields if value]
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, subject.common_name)])


def _signed(subject: Subject, key: Key, issuer: x509.Name, signer: Key, *, authority: bool = False) -> bytes:
    serial = int.from_bytes(hashlib.sha256(f"{subject}{issuer.rfc4514_string()}".encode()).digest()[:16]) >> 1
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(subject.issued)
        .not_valid_after(subject.issued + timedelta(days=subject.days))
    )
    if subject.alternative_names:
        names = _general_names(subject.alternative_names)
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    if isinstance(signer, ec.EllipticCurvePrivateKey):
        return builder.sign(signer, hashes.SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.DER)
    return builder.sign(signer, hashes.SHA256()).public_bytes(Encoding.DER)


def _general_names(names: Sequence[str]) -> list[x509.GeneralName]:
    return [x509.DNSName(name) for name in names]


@lru_cache(maxsize=4096)
def _key(label: str, rsa_bits: int) -> Key:
    if rsa_bits:
        return _rsa_key(Random(f"{label} {rsa_bits}"), rsa_bits)
    number = int.from_bytes(hashlib.sha256(label.encode()).digest()) % (P256_ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def _rsa_key(rng: Random, bits: int) -> rsa.RSAPrivateKey:
    """A key from seeded chance: fit for test captures only."""
    exponent = 65_537
    p, q = sorted((_prime(rng, bits // 2), _prime(rng, bits // 2)), reverse=True)
    d = pow(exponent, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(exponent, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public).private_key()


def _prime(rng: Random, bits: int) -> int:
    while True:
        number = rng.getrandbits(bits) | 3 << (bits - 2) | 1
        if all(number % small for small in SMALL_PRIMES) and pow(2, number - 1, number) == 1 and number % 65_537 != 1:
            return number
