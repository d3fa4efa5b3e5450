// Made by scripts/generate.py from schema/fields.yaml; do not edit.

use super::columns::{base, dataset, datasets};

base! {
    /// What every event has.
    Base BaseColumns {
        /// Packet time of the event; for a flow its start.
        timestamp: date = "@timestamp",
        /// Deterministic id: the same packets give the same id.
        event_id: keyword = "event.id",
        /// Which kind of event this is.
        event_dataset: keyword = "event.dataset",
        /// The sensor that saw it.
        observer_id: keyword = "observer.id",
        /// Community ID v1 of the tuple.
        network_community_id: keyword = "network.community_id",
        /// The flow that this event belongs to.
        vonggac_flow_id: keyword = "vonggac.flow.id",
        /// tcp, udp, icmp, ipv6-icmp or the protocol number.
        network_transport: keyword = "network.transport",
        /// Address of the client.
        source_ip: ip = "source.ip",
        /// Port of the client.
        source_port: port = "source.port",
        /// Hardware address on the client's side.
        source_mac: keyword = "source.mac",
        /// Address of the server.
        destination_ip: ip = "destination.ip",
        /// Port of the server.
        destination_port: port = "destination.port",
        /// Hardware address on the server's side.
        destination_mac: keyword = "destination.mac",
        /// Outer VLAN tag.
        network_vlan_id: long = "network.vlan.id",
    }
}

dataset! {
    /// One connection or conversation, written once at its end.
    Flow FlowColumns flow "flow" {
        /// Time of the last packet.
        event_end: date = "event.end",
        /// Duration in nanoseconds.
        event_duration: long = "event.duration",
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// Whole frames from the client, in bytes.
        source_bytes: long = "source.bytes",
        /// Packets from the client.
        source_packets: long = "source.packets",
        /// Whole frames from the server, in bytes.
        destination_bytes: long = "destination.bytes",
        /// Packets from the server.
        destination_packets: long = "destination.packets",
        /// Transport payload from the client, in bytes.
        vonggac_source_payload_bytes: long = "vonggac.source.payload_bytes",
        /// Transport payload from the server, in bytes.
        vonggac_destination_payload_bytes: long = "vonggac.destination.payload_bytes",
        /// Retransmitted segments of the client.
        vonggac_source_retransmits: long = "vonggac.source.retransmits",
        /// Retransmitted segments of the server.
        vonggac_destination_retransmits: long = "vonggac.destination.retransmits",
        /// Bytes of the client that the sensor never saw.
        vonggac_source_missed_bytes: long = "vonggac.source.missed_bytes",
        /// Bytes of the server that the sensor never saw.
        vonggac_destination_missed_bytes: long = "vonggac.destination.missed_bytes",
        /// TTL or hop limit of the client's first packet.
        vonggac_source_ttl_first: long = "vonggac.source.ttl_first",
        /// Smallest TTL or hop limit of the client.
        vonggac_source_ttl_min: long = "vonggac.source.ttl_min",
        /// TTL or hop limit of the server's first packet.
        vonggac_destination_ttl_first: long = "vonggac.destination.ttl_first",
        /// Smallest TTL or hop limit of the server.
        vonggac_destination_ttl_min: long = "vonggac.destination.ttl_min",
        /// S0 no answer, REJ refused, S1 established, SF closed, RSTO/RSTR reset by client/server, OTH midstream; for UDP and ICMP: S0 one way, SF both ways.
        vonggac_flow_state: keyword = "vonggac.flow.state",
        /// Letters in order of first occurrence: s SYN, h SYN-ACK, a ACK, d data, f FIN, r RST; upper case client, lower case server.
        vonggac_flow_history: keyword = "vonggac.flow.history",
        /// All TCP flags that the client ever set: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128 (scans with odd flags show here).
        vonggac_source_tcp_flags: long = "vonggac.source.tcp_flags",
        /// All TCP flags that the server ever set.
        vonggac_destination_tcp_flags: long = "vonggac.destination.tcp_flags",
        /// fin, rst, idle, evicted or input (the input ended).
        vonggac_flow_end_reason: keyword = "vonggac.flow.end_reason",
        /// The start of the connection was not seen.
        vonggac_flow_midstream: boolean = "vonggac.flow.midstream",
        /// Payload sizes of the first packets that carry any, in bytes; negative from the server.
        vonggac_flow_sizes: long_list = "vonggac.flow.sizes",
        /// Time before each packet of vonggac.flow.sizes, in µs.
        vonggac_flow_gaps: long_list = "vonggac.flow.gaps",
        /// Byte entropy of the client's first payload, bits a byte (0 to 8).
        vonggac_source_entropy: float = "vonggac.source.entropy",
        /// Byte entropy of the server's first payload, bits a byte (0 to 8).
        vonggac_destination_entropy: float = "vonggac.destination.entropy",
        /// Share of printable bytes in the client's first payload (0 to 1).
        vonggac_source_printable: float = "vonggac.source.printable",
        /// Share of printable bytes in the server's first payload (0 to 1).
        vonggac_destination_printable: float = "vonggac.destination.printable",
    }
}

dataset! {
    /// Figures of a long connection that is still open.
    FlowUpdate FlowUpdateColumns flow_update "flow_update" {
        /// Time of the last packet.
        event_end: date = "event.end",
        /// Duration in nanoseconds.
        event_duration: long = "event.duration",
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// Whole frames from the client, in bytes.
        source_bytes: long = "source.bytes",
        /// Packets from the client.
        source_packets: long = "source.packets",
        /// Whole frames from the server, in bytes.
        destination_bytes: long = "destination.bytes",
        /// Packets from the server.
        destination_packets: long = "destination.packets",
        /// Transport payload from the client, in bytes.
        vonggac_source_payload_bytes: long = "vonggac.source.payload_bytes",
        /// Transport payload from the server, in bytes.
        vonggac_destination_payload_bytes: long = "vonggac.destination.payload_bytes",
        /// Retransmitted segments of the client.
        vonggac_source_retransmits: long = "vonggac.source.retransmits",
        /// Retransmitted segments of the server.
        vonggac_destination_retransmits: long = "vonggac.destination.retransmits",
        /// Bytes of the client that the sensor never saw.
        vonggac_source_missed_bytes: long = "vonggac.source.missed_bytes",
        /// Bytes of the server that the sensor never saw.
        vonggac_destination_missed_bytes: long = "vonggac.destination.missed_bytes",
        /// TTL or hop limit of the client's first packet.
        vonggac_source_ttl_first: long = "vonggac.source.ttl_first",
        /// Smallest TTL or hop limit of the client.
        vonggac_source_ttl_min: long = "vonggac.source.ttl_min",
        /// TTL or hop limit of the server's first packet.
        vonggac_destination_ttl_first: long = "vonggac.destination.ttl_first",
        /// Smallest TTL or hop limit of the server.
        vonggac_destination_ttl_min: long = "vonggac.destination.ttl_min",
        /// S0 no answer, REJ refused, S1 established, SF closed, RSTO/RSTR reset by client/server, OTH midstream; for UDP and ICMP: S0 one way, SF both ways.
        vonggac_flow_state: keyword = "vonggac.flow.state",
        /// Letters in order of first occurrence: s SYN, h SYN-ACK, a ACK, d data, f FIN, r RST; upper case client, lower case server.
        vonggac_flow_history: keyword = "vonggac.flow.history",
        /// All TCP flags that the client ever set: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128 (scans with odd flags show here).
        vonggac_source_tcp_flags: long = "vonggac.source.tcp_flags",
        /// All TCP flags that the server ever set.
        vonggac_destination_tcp_flags: long = "vonggac.destination.tcp_flags",
        /// The start of the connection was not seen.
        vonggac_flow_midstream: boolean = "vonggac.flow.midstream",
    }
}

dataset! {
    /// One DNS question with its answer.
    Dns DnsColumns dns "dns" {
        /// Transaction id.
        dns_id: long = "dns.id",
        /// query (unanswered) or answer.
        dns_type: keyword = "dns.type",
        /// QUERY, NOTIFY, UPDATE ….
        dns_op_code: keyword = "dns.op_code",
        /// Name asked for, lower case.
        dns_question_name: keyword = "dns.question.name",
        /// Name as sent, where its case differs from dns.question.name (tunnels put data into it).
        vonggac_dns_question_sent: keyword = "vonggac.dns.question.sent",
        /// Record type asked for.
        dns_question_type: keyword = "dns.question.type",
        /// Class asked for.
        dns_question_class: keyword = "dns.question.class",
        /// NOERROR, NXDOMAIN ….
        dns_response_code: keyword = "dns.response_code",
        /// AA, TC, RD, RA, AD, CD.
        dns_header_flags: keyword_list = "dns.header_flags",
        /// Owner names of the answer records.
        dns_answers_name: keyword_list = "dns.answers.name",
        /// Types of the answer records.
        dns_answers_type: keyword_list = "dns.answers.type",
        /// Data of the answer records, as text.
        dns_answers_data: keyword_list = "dns.answers.data",
        /// Lifetimes of the answer records, seconds.
        dns_answers_ttl: long_list = "dns.answers.ttl",
        /// Every address in the answer.
        dns_resolved_ip: ip_list = "dns.resolved_ip",
        /// Owner names of the authority records.
        vonggac_dns_authority_name: keyword_list = "vonggac.dns.authority.name",
        /// Types of the authority records.
        vonggac_dns_authority_type: keyword_list = "vonggac.dns.authority.type",
        /// Data of the authority records, as text (the name servers of sinkholes and tunnels show here).
        vonggac_dns_authority_data: keyword_list = "vonggac.dns.authority.data",
        /// Lifetimes of the authority records, seconds.
        vonggac_dns_authority_ttl: long_list = "vonggac.dns.authority.ttl",
        /// Records in the authority section.
        vonggac_dns_authority_count: long = "vonggac.dns.authority_count",
        /// Records in the additional section.
        vonggac_dns_additional_count: long = "vonggac.dns.additional_count",
        /// Time from question to answer, µs.
        vonggac_dns_rtt: long = "vonggac.dns.rtt",
        /// Size of the question message.
        vonggac_dns_query_bytes: long = "vonggac.dns.query_bytes",
        /// Size of the answer message.
        vonggac_dns_response_bytes: long = "vonggac.dns.response_bytes",
        /// UDP payload size that EDNS announces.
        vonggac_dns_edns_size: long = "vonggac.dns.edns_size",
    }
}

dataset! {
    /// One HTTP request with its response.
    Http HttpColumns http "http" {
        /// Duration in nanoseconds.
        event_duration: long = "event.duration",
        /// Version of the request line.
        http_version: keyword = "http.version",
        /// Method as sent.
        http_request_method: keyword = "http.request.method",
        /// Referer header.
        http_request_referrer: keyword = "http.request.referrer",
        /// Body of the request as carried, in bytes.
        http_request_body_bytes: long = "http.request.body.bytes",
        /// Media type of the request body by its content.
        http_request_mime_type: keyword = "http.request.mime_type",
        /// Status code.
        http_response_status_code: long = "http.response.status_code",
        /// Body of the response as carried, in bytes.
        http_response_body_bytes: long = "http.response.body.bytes",
        /// Media type of the response body by its content.
        http_response_mime_type: keyword = "http.response.mime_type",
        /// Request target as sent.
        url_original: keyword = "url.original",
        /// Host of the request, lower case, without port.
        url_domain: keyword = "url.domain",
        /// Port named in the Host header or target.
        url_port: port = "url.port",
        /// Path of the target, percent-decoding not applied.
        url_path: keyword = "url.path",
        /// Query of the target without the question mark.
        url_query: keyword = "url.query",
        /// Extension of the last path segment, lower case.
        url_extension: keyword = "url.extension",
        /// User-Agent header.
        user_agent_original: keyword = "user_agent.original",
        /// Header names in order, as sent.
        vonggac_http_request_header_names: keyword_list = "vonggac.http.request.header_names",
        /// Header names in order, as sent.
        vonggac_http_response_header_names: keyword_list = "vonggac.http.response.header_names",
        /// Host header as sent.
        vonggac_http_request_host: keyword = "vonggac.http.request.host",
        /// Content-Type of the request.
        vonggac_http_request_content_type: keyword = "vonggac.http.request.content_type",
        /// Authorization scheme; the value is masked.
        vonggac_http_request_authorization: keyword = "vonggac.http.request.authorization",
        /// Keyed hash of the Authorization value, so that reuse shows.
        vonggac_http_request_secret_hash: keyword = "vonggac.http.request.secret_hash",
        /// Length of the Cookie header; its value is masked.
        vonggac_http_request_cookie_length: long = "vonggac.http.request.cookie_length",
        /// Transfer-Encoding of the request.
        vonggac_http_request_transfer_encoding: keyword = "vonggac.http.request.transfer_encoding",
        /// Byte entropy of the first 4 KiB of the request body.
        vonggac_http_request_body_entropy: float = "vonggac.http.request.body_entropy",
        /// Share of printable ASCII in the first 4 KiB of the request body, 0 to 1.
        vonggac_http_request_body_printable: float = "vonggac.http.request.body_printable",
        /// Number of fields of a submitted form.
        vonggac_http_request_form_fields: long = "vonggac.http.request.form_fields",
        /// A field of the submitted form or JSON body is named like a password and not empty.
        vonggac_http_request_form_password: boolean = "vonggac.http.request.form_password",
        /// Reason phrase.
        vonggac_http_response_reason: keyword = "vonggac.http.response.reason",
        /// Content-Type of the response.
        vonggac_http_response_content_type: keyword = "vonggac.http.response.content_type",
        /// Content-Encoding of the response.
        vonggac_http_response_content_encoding: keyword = "vonggac.http.response.content_encoding",
        /// Content-Disposition of the response.
        vonggac_http_response_content_disposition: keyword = "vonggac.http.response.content_disposition",
        /// Server header.
        vonggac_http_response_server: keyword = "vonggac.http.response.server",
        /// Location header.
        vonggac_http_response_location: keyword = "vonggac.http.response.location",
        /// Byte entropy of the first 4 KiB of the decoded response body.
        vonggac_http_response_body_entropy: float = "vonggac.http.response.body_entropy",
        /// Absolute target or CONNECT: a request to a proxy.
        vonggac_http_proxied: boolean = "vonggac.http.proxied",
        /// Which request of its connection, from 0.
        vonggac_http_ordinal: long = "vonggac.http.ordinal",
    }
}

dataset! {
    /// One TLS handshake.
    Tls TlsColumns tls "tls" {
        /// Version agreed upon.
        tls_version: keyword = "tls.version",
        /// Cipher suite agreed upon, IANA name.
        tls_cipher: keyword = "tls.cipher",
        /// Named group agreed upon, where visible.
        tls_curve: keyword = "tls.curve",
        /// Both sides sent encrypted records.
        tls_established: boolean = "tls.established",
        /// An earlier session was resumed.
        tls_resumed: boolean = "tls.resumed",
        /// ALPN protocol chosen.
        tls_next_protocol: keyword = "tls.next_protocol",
        /// Server name indication.
        tls_client_server_name: keyword = "tls.client.server_name",
        /// JA3 of the ClientHello.
        tls_client_ja3: keyword = "tls.client.ja3",
        /// JA4 of the ClientHello.
        tls_client_ja4: keyword = "tls.client.ja4",
        /// Cipher suites offered, hexadecimal.
        tls_client_supported_ciphers: keyword_list = "tls.client.supported_ciphers",
        /// ALPN protocols offered.
        vonggac_tls_client_alpn: keyword_list = "vonggac.tls.client.alpn",
        /// Highest version offered.
        vonggac_tls_client_version: keyword = "vonggac.tls.client.version",
        /// Encrypted ClientHello offered.
        vonggac_tls_client_ech: boolean = "vonggac.tls.client.ech",
        /// JA3S of the ServerHello.
        tls_server_ja3s: keyword = "tls.server.ja3s",
        /// SHA-1 of the server certificate.
        tls_server_hash_sha1: keyword = "tls.server.hash.sha1",
        /// SHA-256 of the server certificate.
        tls_server_hash_sha256: keyword = "tls.server.hash.sha256",
        /// Common name of the subject.
        tls_server_x509_subject_common_name: keyword = "tls.server.x509.subject.common_name",
        /// Distinguished name of the subject.
        tls_server_x509_subject_distinguished_name: keyword = "tls.server.x509.subject.distinguished_name",
        /// Common name of the issuer.
        tls_server_x509_issuer_common_name: keyword = "tls.server.x509.issuer.common_name",
        /// Distinguished name of the issuer.
        tls_server_x509_issuer_distinguished_name: keyword = "tls.server.x509.issuer.distinguished_name",
        /// Serial number, hexadecimal, upper case.
        tls_server_x509_serial_number: keyword = "tls.server.x509.serial_number",
        /// Subject alternative names.
        tls_server_x509_alternative_names: keyword_list = "tls.server.x509.alternative_names",
        /// Valid from.
        tls_server_x509_not_before: date = "tls.server.x509.not_before",
        /// Valid until.
        tls_server_x509_not_after: date = "tls.server.x509.not_after",
        /// Algorithm of the public key.
        tls_server_x509_public_key_algorithm: keyword = "tls.server.x509.public_key_algorithm",
        /// Size of the public key, bits.
        tls_server_x509_public_key_size: long = "tls.server.x509.public_key_size",
        /// Algorithm of the signature.
        tls_server_x509_signature_algorithm: keyword = "tls.server.x509.signature_algorithm",
        /// Certificates sent by the server.
        vonggac_tls_server_chain_length: long = "vonggac.tls.server.chain_length",
        /// Issuer equals subject.
        vonggac_tls_server_self_signed: boolean = "vonggac.tls.server.self_signed",
        /// Last alert in clear.
        vonggac_tls_last_alert: keyword = "vonggac.tls.last_alert",
    }
}

dataset! {
    /// One certificate seen in a handshake.
    X509 X509Columns x509 "x509" {
        /// Common name of the subject.
        x509_subject_common_name: keyword = "x509.subject.common_name",
        /// Distinguished name of the subject.
        x509_subject_distinguished_name: keyword = "x509.subject.distinguished_name",
        /// Common name of the issuer.
        x509_issuer_common_name: keyword = "x509.issuer.common_name",
        /// Distinguished name of the issuer.
        x509_issuer_distinguished_name: keyword = "x509.issuer.distinguished_name",
        /// Serial number, hexadecimal, upper case.
        x509_serial_number: keyword = "x509.serial_number",
        /// Subject alternative names.
        x509_alternative_names: keyword_list = "x509.alternative_names",
        /// Valid from.
        x509_not_before: date = "x509.not_before",
        /// Valid until.
        x509_not_after: date = "x509.not_after",
        /// Algorithm of the public key.
        x509_public_key_algorithm: keyword = "x509.public_key_algorithm",
        /// Size of the public key, bits.
        x509_public_key_size: long = "x509.public_key_size",
        /// Algorithm of the signature.
        x509_signature_algorithm: keyword = "x509.signature_algorithm",
        /// Version of the certificate.
        x509_version_number: keyword = "x509.version_number",
        /// Place in the chain, 0 = the server's own.
        vonggac_x509_position: long = "vonggac.x509.position",
        /// Issuer equals subject.
        vonggac_x509_self_signed: boolean = "vonggac.x509.self_signed",
        /// SHA-256 (of the DER bytes for a certificate).
        file_hash_sha256: keyword = "file.hash.sha256",
    }
}

dataset! {
    /// One file carried over the network.
    File FileColumns file "file" {
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// Method as sent.
        http_request_method: keyword = "http.request.method",
        /// Request target as sent.
        url_original: keyword = "url.original",
        /// Host of the request, lower case, without port.
        url_domain: keyword = "url.domain",
        /// Port named in the Host header or target.
        url_port: port = "url.port",
        /// Path of the target, percent-decoding not applied.
        url_path: keyword = "url.path",
        /// Query of the target without the question mark.
        url_query: keyword = "url.query",
        /// Extension of the last path segment, lower case.
        url_extension: keyword = "url.extension",
        /// User-Agent header.
        user_agent_original: keyword = "user_agent.original",
        /// Name given by the protocol, never used on disk.
        file_name: keyword = "file.name",
        /// Extension of the name, lower case.
        file_extension: keyword = "file.extension",
        /// Bytes seen, after decoding.
        file_size: long = "file.size",
        /// Media type by content.
        file_mime_type: keyword = "file.mime_type",
        /// MD5.
        file_hash_md5: keyword = "file.hash.md5",
        /// SHA-1.
        file_hash_sha1: keyword = "file.hash.sha1",
        /// SHA-256 (of the DER bytes for a certificate).
        file_hash_sha256: keyword = "file.hash.sha256",
        /// Closed kind by content: pe, elf, macho, script, office, office-macro, pdf, archive, disk-image, lnk, hta, onenote, java, flash, html, image, media, text, data.
        vonggac_file_kind: keyword = "vonggac.file.kind",
        /// download (to the client) or upload (to the server).
        vonggac_file_direction: keyword = "vonggac.file.direction",
        /// Media type that the protocol declared.
        vonggac_file_declared_type: keyword = "vonggac.file.declared_type",
        /// Hashes and content are of a part only.
        vonggac_file_truncated: boolean = "vonggac.file.truncated",
        /// Bytes that the sensor never saw.
        vonggac_file_missing_bytes: long = "vonggac.file.missing_bytes",
        /// Byte entropy of the content, bits a byte.
        vonggac_file_entropy: float = "vonggac.file.entropy",
        /// event.id of the event that carried the file.
        vonggac_file_carrier: keyword = "vonggac.file.carrier",
        /// Name that the client gives itself in HELO or EHLO.
        vonggac_smtp_helo: keyword = "vonggac.smtp.helo",
        /// Envelope sender as sent; <> for delivery reports.
        vonggac_smtp_mail_from: keyword = "vonggac.smtp.mail_from",
        /// First envelope recipients as sent (bounded).
        vonggac_smtp_rcpt_to: keyword_list = "vonggac.smtp.rcpt_to",
        /// Addresses in the From header, lower case.
        email_from_address: keyword_list = "email.from.address",
        /// Subject, decoded.
        email_subject: keyword = "email.subject",
        /// From header, decoded, with the display name.
        vonggac_mail_from: keyword = "vonggac.mail.from",
        /// To header, decoded, one entry a recipient (bounded).
        vonggac_mail_to: keyword_list = "vonggac.mail.to",
    }
}

dataset! {
    /// One DHCP message.
    Dhcp DhcpColumns dhcp "dhcp" {
        /// DISCOVER, OFFER, REQUEST, ACK ….
        vonggac_dhcp_message_type: keyword = "vonggac.dhcp.message_type",
        /// Transaction id.
        vonggac_dhcp_transaction_id: long = "vonggac.dhcp.transaction_id",
        /// Hardware address of the client.
        vonggac_dhcp_client_mac: keyword = "vonggac.dhcp.client_mac",
        /// Address that the client holds.
        vonggac_dhcp_client_ip: ip = "vonggac.dhcp.client_ip",
        /// Address offered or assigned.
        vonggac_dhcp_assigned_ip: ip = "vonggac.dhcp.assigned_ip",
        /// Address asked for.
        vonggac_dhcp_requested_ip: ip = "vonggac.dhcp.requested_ip",
        /// Relay agent.
        vonggac_dhcp_relay_ip: ip = "vonggac.dhcp.relay_ip",
        /// Server identifier.
        vonggac_dhcp_server_ip: ip = "vonggac.dhcp.server_ip",
        /// Routers offered.
        vonggac_dhcp_routers: ip_list = "vonggac.dhcp.routers",
        /// DNS servers offered.
        vonggac_dhcp_name_servers: ip_list = "vonggac.dhcp.name_servers",
        /// Host name of the client.
        vonggac_dhcp_host_name: keyword = "vonggac.dhcp.host_name",
        /// Domain name.
        vonggac_dhcp_domain_name: keyword = "vonggac.dhcp.domain_name",
        /// Vendor class.
        vonggac_dhcp_vendor_class: keyword = "vonggac.dhcp.vendor_class",
        /// Parameter request list, in order.
        vonggac_dhcp_parameters: long_list = "vonggac.dhcp.parameters",
        /// Lease time, seconds.
        vonggac_dhcp_lease_seconds: long = "vonggac.dhcp.lease_seconds",
    }
}

dataset! {
    /// One ARP message.
    Arp ArpColumns arp "arp" {
        /// request or reply.
        vonggac_arp_operation: keyword = "vonggac.arp.operation",
        /// Sender's hardware address.
        vonggac_arp_sender_mac: keyword = "vonggac.arp.sender_mac",
        /// Target's hardware address.
        vonggac_arp_target_mac: keyword = "vonggac.arp.target_mac",
        /// Sender and target address are the same.
        vonggac_arp_gratuitous: boolean = "vonggac.arp.gratuitous",
    }
}

dataset! {
    /// One ICMP conversation.
    Icmp IcmpColumns icmp "icmp" {
        /// Duration in nanoseconds.
        event_duration: long = "event.duration",
        /// Transport payload from the client, in bytes.
        vonggac_source_payload_bytes: long = "vonggac.source.payload_bytes",
        /// Transport payload from the server, in bytes.
        vonggac_destination_payload_bytes: long = "vonggac.destination.payload_bytes",
        /// Type of the first message.
        vonggac_icmp_type: long = "vonggac.icmp.type",
        /// Code of the first message.
        vonggac_icmp_code: long = "vonggac.icmp.code",
        /// Messages from the client.
        vonggac_icmp_requests: long = "vonggac.icmp.requests",
        /// Messages from the server.
        vonggac_icmp_replies: long = "vonggac.icmp.replies",
        /// Largest payload of a message, bytes.
        vonggac_icmp_payload_max: long = "vonggac.icmp.payload_max",
        /// Distinct payload sizes (bounded).
        vonggac_icmp_payload_sizes: long = "vonggac.icmp.payload_sizes",
        /// Distinct payload contents (bounded).
        vonggac_icmp_payload_kinds: long = "vonggac.icmp.payload_kinds",
        /// Echo replies whose payload is not the request's.
        vonggac_icmp_mismatches: long = "vonggac.icmp.mismatches",
        /// Highest byte entropy of a payload.
        vonggac_icmp_entropy: float = "vonggac.icmp.entropy",
        /// Destination quoted in an error message.
        vonggac_icmp_inner_destination_ip: ip = "vonggac.icmp.inner_destination_ip",
        /// Destination port quoted in an error message.
        vonggac_icmp_inner_destination_port: port = "vonggac.icmp.inner_destination_port",
    }
}

dataset! {
    /// One attempt to log in, over any protocol.
    Login LoginColumns login "login" {
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// Domain or realm of the account.
        user_domain: keyword = "user.domain",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// How the client proves who it is: plain, login, cram-md5, ntlm, kerberos, simple, basic, publickey, password, none ….
        vonggac_login_method: keyword = "vonggac.login.method",
        /// Mask of a password that was sent in clear: a keyed hash, so that reuse shows; `anonymous` and empty ones stay readable.
        vonggac_login_secret: keyword = "vonggac.login.secret",
        /// The password or its proof did not travel in clear.
        vonggac_login_encrypted: boolean = "vonggac.login.encrypted",
        /// Why it failed, in the words or codes of the protocol.
        vonggac_login_reason: keyword = "vonggac.login.reason",
        /// Name of the client's machine, as it says.
        vonggac_login_host: keyword = "vonggac.login.host",
    }
}

dataset! {
    /// One letter sent over SMTP, or a session that sent none.
    Smtp SmtpColumns smtp "smtp" {
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// Greeting of the server.
        vonggac_smtp_banner: keyword = "vonggac.smtp.banner",
        /// Name that the client gives itself in HELO or EHLO.
        vonggac_smtp_helo: keyword = "vonggac.smtp.helo",
        /// Envelope sender as sent; <> for delivery reports.
        vonggac_smtp_mail_from: keyword = "vonggac.smtp.mail_from",
        /// First envelope recipients as sent (bounded).
        vonggac_smtp_rcpt_to: keyword_list = "vonggac.smtp.rcpt_to",
        /// Recipients named in the envelope.
        vonggac_smtp_recipients: long = "vonggac.smtp.recipients",
        /// Recipients that the server refused.
        vonggac_smtp_recipients_refused: long = "vonggac.smtp.recipients_refused",
        /// Place of the letter in its connection, from 1; 0 for a session without a letter.
        vonggac_smtp_ordinal: long = "vonggac.smtp.ordinal",
        /// Last reply code of the server to this letter.
        vonggac_smtp_reply_code: long = "vonggac.smtp.reply_code",
        /// Text of that reply (blocklists are named there).
        vonggac_smtp_reply: keyword = "vonggac.smtp.reply",
        /// The session went on in TLS.
        vonggac_smtp_starttls: boolean = "vonggac.smtp.starttls",
        /// Addresses in the From header, lower case.
        email_from_address: keyword_list = "email.from.address",
        /// Addresses in the To header, lower case (bounded).
        email_to_address: keyword_list = "email.to.address",
        /// Addresses in the Cc header, lower case (bounded).
        email_cc_address: keyword_list = "email.cc.address",
        /// Addresses in the Reply-To header, lower case.
        email_reply_to_address: keyword_list = "email.reply_to.address",
        /// Subject, decoded.
        email_subject: keyword = "email.subject",
        /// Message-ID.
        email_message_id: keyword = "email.message_id",
        /// Program that wrote the letter (X-Mailer or User-Agent).
        email_x_mailer: keyword = "email.x_mailer",
        /// Names of the attachments (bounded).
        email_attachments_file_name: keyword_list = "email.attachments.file.name",
        /// From header, decoded, with the display name.
        vonggac_mail_from: keyword = "vonggac.mail.from",
        /// To header, decoded, one entry a recipient (bounded).
        vonggac_mail_to: keyword_list = "vonggac.mail.to",
        /// Cc header, decoded, one entry a recipient (bounded).
        vonggac_mail_cc: keyword_list = "vonggac.mail.cc",
        /// Date header, as sent.
        vonggac_mail_date: keyword = "vonggac.mail.date",
        /// Received headers: servers that the letter has passed.
        vonggac_mail_received: long = "vonggac.mail.received",
        /// Links in the text (bounded).
        vonggac_mail_urls: keyword_list = "vonggac.mail.urls",
        /// Parts without further parts: texts and attachments.
        vonggac_mail_parts: long = "vonggac.mail.parts",
        /// Bytes of the letter as carried.
        vonggac_mail_bytes: long = "vonggac.mail.bytes",
        /// The whole letter was seen.
        vonggac_mail_complete: boolean = "vonggac.mail.complete",
    }
}

dataset! {
    /// One POP3 command with its answer.
    Pop3 Pop3Columns pop3 "pop3" {
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// Addresses in the From header, lower case.
        email_from_address: keyword_list = "email.from.address",
        /// Addresses in the To header, lower case (bounded).
        email_to_address: keyword_list = "email.to.address",
        /// Addresses in the Cc header, lower case (bounded).
        email_cc_address: keyword_list = "email.cc.address",
        /// Addresses in the Reply-To header, lower case.
        email_reply_to_address: keyword_list = "email.reply_to.address",
        /// Subject, decoded.
        email_subject: keyword = "email.subject",
        /// Message-ID.
        email_message_id: keyword = "email.message_id",
        /// Program that wrote the letter (X-Mailer or User-Agent).
        email_x_mailer: keyword = "email.x_mailer",
        /// Names of the attachments (bounded).
        email_attachments_file_name: keyword_list = "email.attachments.file.name",
        /// From header, decoded, with the display name.
        vonggac_mail_from: keyword = "vonggac.mail.from",
        /// To header, decoded, one entry a recipient (bounded).
        vonggac_mail_to: keyword_list = "vonggac.mail.to",
        /// Cc header, decoded, one entry a recipient (bounded).
        vonggac_mail_cc: keyword_list = "vonggac.mail.cc",
        /// Date header, as sent.
        vonggac_mail_date: keyword = "vonggac.mail.date",
        /// Received headers: servers that the letter has passed.
        vonggac_mail_received: long = "vonggac.mail.received",
        /// Links in the text (bounded).
        vonggac_mail_urls: keyword_list = "vonggac.mail.urls",
        /// Parts without further parts: texts and attachments.
        vonggac_mail_parts: long = "vonggac.mail.parts",
        /// Bytes of the letter as carried.
        vonggac_mail_bytes: long = "vonggac.mail.bytes",
        /// The whole letter was seen.
        vonggac_mail_complete: boolean = "vonggac.mail.complete",
        /// Command, upper case; SASL for an answer to a challenge; absent for the greeting.
        vonggac_pop3_command: keyword = "vonggac.pop3.command",
        /// Arguments, secrets masked.
        vonggac_pop3_arguments: keyword_list = "vonggac.pop3.arguments",
        /// OK, ERR, or CONTINUE for a challenge; absent when nothing was answered.
        vonggac_pop3_status: keyword = "vonggac.pop3.status",
        /// Text behind the status.
        vonggac_pop3_text: keyword = "vonggac.pop3.text",
        /// First lines of a list (bounded); never of a letter.
        vonggac_pop3_lines: keyword_list = "vonggac.pop3.lines",
    }
}

dataset! {
    /// One letter read or stored over IMAP, and a summary of each session.
    Imap ImapColumns imap "imap" {
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// Addresses in the From header, lower case.
        email_from_address: keyword_list = "email.from.address",
        /// Addresses in the To header, lower case (bounded).
        email_to_address: keyword_list = "email.to.address",
        /// Addresses in the Cc header, lower case (bounded).
        email_cc_address: keyword_list = "email.cc.address",
        /// Addresses in the Reply-To header, lower case.
        email_reply_to_address: keyword_list = "email.reply_to.address",
        /// Subject, decoded.
        email_subject: keyword = "email.subject",
        /// Message-ID.
        email_message_id: keyword = "email.message_id",
        /// Program that wrote the letter (X-Mailer or User-Agent).
        email_x_mailer: keyword = "email.x_mailer",
        /// Names of the attachments (bounded).
        email_attachments_file_name: keyword_list = "email.attachments.file.name",
        /// From header, decoded, with the display name.
        vonggac_mail_from: keyword = "vonggac.mail.from",
        /// To header, decoded, one entry a recipient (bounded).
        vonggac_mail_to: keyword_list = "vonggac.mail.to",
        /// Cc header, decoded, one entry a recipient (bounded).
        vonggac_mail_cc: keyword_list = "vonggac.mail.cc",
        /// Date header, as sent.
        vonggac_mail_date: keyword = "vonggac.mail.date",
        /// Received headers: servers that the letter has passed.
        vonggac_mail_received: long = "vonggac.mail.received",
        /// Links in the text (bounded).
        vonggac_mail_urls: keyword_list = "vonggac.mail.urls",
        /// Parts without further parts: texts and attachments.
        vonggac_mail_parts: long = "vonggac.mail.parts",
        /// Bytes of the letter as carried.
        vonggac_mail_bytes: long = "vonggac.mail.bytes",
        /// The whole letter was seen.
        vonggac_mail_complete: boolean = "vonggac.mail.complete",
        /// FETCH or APPEND for a letter, SESSION for the summary.
        vonggac_imap_command: keyword = "vonggac.imap.command",
        /// Mailboxes opened or written to (bounded).
        vonggac_imap_mailboxes: keyword_list = "vonggac.imap.mailboxes",
        /// Distinct commands of the session, in order (bounded).
        vonggac_imap_commands: keyword_list = "vonggac.imap.commands",
        /// Commands of the session.
        vonggac_imap_requests: long = "vonggac.imap.requests",
        /// Commands answered NO or BAD.
        vonggac_imap_refused: long = "vonggac.imap.refused",
        /// Whole letters read or stored in the session.
        vonggac_imap_letters: long = "vonggac.imap.letters",
        /// Greeting of the server.
        vonggac_imap_greeting: keyword = "vonggac.imap.greeting",
        /// The session went on in TLS.
        vonggac_imap_starttls: boolean = "vonggac.imap.starttls",
    }
}

dataset! {
    /// One IRC session, and each channel that it joins.
    Irc IrcColumns irc "irc" {
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// session (summary) or join (one channel).
        vonggac_irc_kind: keyword = "vonggac.irc.kind",
        /// Nickname of the client.
        vonggac_irc_nick: keyword = "vonggac.irc.nick",
        /// Real name that the client gives.
        vonggac_irc_real_name: keyword = "vonggac.irc.real_name",
        /// Name of the server, as it says.
        vonggac_irc_server: keyword = "vonggac.irc.server",
        /// Channels joined (bounded); for a join the one.
        vonggac_irc_channels: keyword_list = "vonggac.irc.channels",
        /// Channels that the client asked to join.
        vonggac_irc_joins: long = "vonggac.irc.joins",
        /// Topic of the channel joined: orders to bots stand there.
        vonggac_irc_topic: keyword = "vonggac.irc.topic",
        /// Names listed on joining.
        vonggac_irc_members: long = "vonggac.irc.members",
        /// Messages and notices of the client.
        vonggac_irc_sent: long = "vonggac.irc.sent",
        /// Messages and notices to the client.
        vonggac_irc_received: long = "vonggac.irc.received",
        /// Offers of direct connections, with name and end (bounded).
        vonggac_irc_dcc: keyword_list = "vonggac.irc.dcc",
    }
}

dataset! {
    /// Malformed or hostile protocol use, counted per flow.
    Anomaly AnomalyColumns anomaly "anomaly" {
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// What is wrong, one of a closed list.
        vonggac_anomaly_name: keyword = "vonggac.anomaly.name",
        /// How often in this flow.
        vonggac_anomaly_count: long = "vonggac.anomaly.count",
    }
}

dataset! {
    /// The sensor's own health counters.
    Stats StatsColumns stats "stats" {
        /// Name of the counter.
        vonggac_stats_name: keyword = "vonggac.stats.name",
        /// Value since the start.
        vonggac_stats_value: long = "vonggac.stats.value",
    }
}

datasets! {
    flow: FlowColumns "flow",
    flow_update: FlowUpdateColumns "flow_update",
    dns: DnsColumns "dns",
    http: HttpColumns "http",
    tls: TlsColumns "tls",
    x509: X509Columns "x509",
    file: FileColumns "file",
    dhcp: DhcpColumns "dhcp",
    arp: ArpColumns "arp",
    icmp: IcmpColumns "icmp",
    login: LoginColumns "login",
    smtp: SmtpColumns "smtp",
    pop3: Pop3Columns "pop3",
    imap: ImapColumns "imap",
    irc: IrcColumns "irc",
    anomaly: AnomalyColumns "anomaly",
    stats: StatsColumns "stats",
}
