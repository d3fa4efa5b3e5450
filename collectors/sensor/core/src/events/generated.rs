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
    /// One request of a miner to its pool, or all of one kind in a connection.
    Mining MiningColumns mining "mining" {
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// Method of the request or of the message that the pool pushed.
        vonggac_mining_method: keyword = "vonggac.mining.method",
        /// Wallet address or user, with the worker where one is named.
        vonggac_mining_account: keyword = "vonggac.mining.account",
        /// Program of the miner, as it says.
        vonggac_mining_agent: keyword = "vonggac.mining.agent",
        /// Algorithms that the miner offers, or that the job wants.
        vonggac_mining_algorithms: keyword_list = "vonggac.mining.algorithms",
        /// Why the pool refused.
        vonggac_mining_error: keyword = "vonggac.mining.error",
        /// Messages of this kind in the connection.
        vonggac_mining_messages: long = "vonggac.mining.messages",
    }
}

dataset! {
    /// One MQTT packet with what acknowledges it.
    Mqtt MqttColumns mqtt "mqtt" {
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// Packets of the exchange, in order.
        vonggac_mqtt_messages: keyword_list = "vonggac.mqtt.messages",
        /// The four flags of each packet: 8 duplicate, 6 quality of service times two, 1 retain.
        vonggac_mqtt_flags: long_list = "vonggac.mqtt.flags",
        /// The broker began the exchange.
        vonggac_mqtt_from_server: boolean = "vonggac.mqtt.from_server",
        /// 3.1, 3.1.1 or 5.
        vonggac_mqtt_version: keyword = "vonggac.mqtt.version",
        /// Client identifier.
        vonggac_mqtt_client_id: keyword = "vonggac.mqtt.client_id",
        /// The client asked for a new session.
        vonggac_mqtt_clean_session: boolean = "vonggac.mqtt.clean_session",
        /// The broker had kept a session.
        vonggac_mqtt_session_present: boolean = "vonggac.mqtt.session_present",
        /// Topic of the last will.
        vonggac_mqtt_will_topic: keyword = "vonggac.mqtt.will_topic",
        /// Topics published to, subscribed to or left.
        vonggac_mqtt_topics: keyword_list = "vonggac.mqtt.topics",
        /// Quality of service asked for each topic of a subscription.
        vonggac_mqtt_qos: long_list = "vonggac.mqtt.qos",
        /// Packet identifier.
        vonggac_mqtt_message_id: long = "vonggac.mqtt.message_id",
        /// Return or reason codes of the acknowledgement; for subscriptions the quality of service granted.
        vonggac_mqtt_reason_codes: long_list = "vonggac.mqtt.reason_codes",
        /// Size of what was published.
        vonggac_mqtt_payload_bytes: long = "vonggac.mqtt.payload_bytes",
        /// Properties of version 5, as packet:name=value; secrets are masked.
        vonggac_mqtt_properties: keyword_list = "vonggac.mqtt.properties",
        /// How many such messages; above 1 where a topic is published to again and again.
        vonggac_mqtt_count: long = "vonggac.mqtt.count",
    }
}

dataset! {
    /// One SIP request with its responses.
    Sip SipColumns sip "sip" {
        /// User-Agent header.
        user_agent_original: keyword = "user_agent.original",
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// Method.
        vonggac_sip_method: keyword = "vonggac.sip.method",
        /// Request URI.
        vonggac_sip_uri: keyword = "vonggac.sip.uri",
        /// From header.
        vonggac_sip_from: keyword = "vonggac.sip.from",
        /// To header.
        vonggac_sip_to: keyword = "vonggac.sip.to",
        /// Call-ID header.
        vonggac_sip_call_id: keyword = "vonggac.sip.call_id",
        /// Status codes of the responses, in order.
        vonggac_sip_statuses: long_list = "vonggac.sip.statuses",
        /// Reason phrases of the responses, in order.
        vonggac_sip_reasons: keyword_list = "vonggac.sip.reasons",
        /// Server or User-Agent header of the responses.
        vonggac_sip_server: keyword = "vonggac.sip.server",
        /// The request came from the server of the flow.
        vonggac_sip_from_server: boolean = "vonggac.sip.from_server",
        /// Media that were offered or agreed upon (SDP m lines).
        vonggac_sip_media: keyword_list = "vonggac.sip.media",
    }
}

dataset! {
    /// One request to a database server with its answer.
    Sql SqlColumns sql "sql" {
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// Which request of its connection, from 1.
        vonggac_sql_ordinal: long = "vonggac.sql.ordinal",
        /// What was asked: ssl, startup, authentication, query, parse, terminate, cancel.
        vonggac_sql_request: keyword = "vonggac.sql.request",
        /// Database asked for.
        vonggac_sql_database: keyword = "vonggac.sql.database",
        /// Program of the client, as it says.
        vonggac_sql_application: keyword = "vonggac.sql.application",
        /// Version that the server says.
        vonggac_sql_server_version: keyword = "vonggac.sql.server_version",
        /// Text of the query, cut where it is long; passwords in it are masked.
        vonggac_sql_query: keyword = "vonggac.sql.query",
        /// What the server says was done.
        vonggac_sql_result: keyword = "vonggac.sql.result",
        /// Rows that came back.
        vonggac_sql_rows: long = "vonggac.sql.rows",
        /// Error code of the server.
        vonggac_sql_error_code: keyword = "vonggac.sql.error_code",
        /// Error message of the server.
        vonggac_sql_error: keyword = "vonggac.sql.error",
    }
}

dataset! {
    /// One question in BitTorrent's distributed hash table with its answer.
    Dht DhtColumns dht "dht" {
        /// ping, find_node, get_peers or announce_peer.
        vonggac_dht_query: keyword = "vonggac.dht.query",
        /// Transaction id, hexadecimal.
        vonggac_dht_transaction_id: keyword = "vonggac.dht.transaction_id",
        /// Program and version of who asks, hexadecimal.
        vonggac_dht_client_version: keyword = "vonggac.dht.client_version",
        /// Program and version of who answers, hexadecimal.
        vonggac_dht_answer_version: keyword = "vonggac.dht.answer_version",
        /// Node that asks.
        vonggac_dht_node_id: keyword = "vonggac.dht.node_id",
        /// Node that answers.
        vonggac_dht_answer_id: keyword = "vonggac.dht.answer_id",
        /// Node that is looked for.
        vonggac_dht_target: keyword = "vonggac.dht.target",
        /// Torrent that is looked for or offered.
        vonggac_dht_info_hash: keyword = "vonggac.dht.info_hash",
        /// Token of an answer to get_peers, or shown when announcing; hexadecimal.
        vonggac_dht_token: keyword = "vonggac.dht.token",
        /// Port that is announced.
        vonggac_dht_port: port = "vonggac.dht.port",
        /// Peers of the torrent.
        vonggac_dht_peers: keyword_list = "vonggac.dht.peers",
        /// Error code.
        vonggac_dht_error_code: long = "vonggac.dht.error_code",
        /// Error message.
        vonggac_dht_error: keyword = "vonggac.dht.error",
        /// The question came from the server of the flow.
        vonggac_dht_from_server: boolean = "vonggac.dht.from_server",
    }
}

dataset! {
    /// One NFS call with its reply, or all of one kind in a connection.
    Nfs NfsColumns nfs "nfs" {
        /// Name given by the protocol, never used on disk.
        file_name: keyword = "file.name",
        /// Version.
        vonggac_nfs_version: long = "vonggac.nfs.version",
        /// Procedure.
        vonggac_nfs_procedure: keyword = "vonggac.nfs.procedure",
        /// New name of a file that is renamed.
        vonggac_nfs_new_name: keyword = "vonggac.nfs.new_name",
        /// Status of the reply.
        vonggac_nfs_status: keyword = "vonggac.nfs.status",
        /// Name of the client's machine, as it says.
        vonggac_nfs_machine: keyword = "vonggac.nfs.machine",
        /// Number of the user, as the client says.
        vonggac_nfs_uid: long = "vonggac.nfs.uid",
        /// The call came from the server of the flow (clients of NFS use system ports).
        vonggac_nfs_from_server: boolean = "vonggac.nfs.from_server",
        /// How many such calls.
        vonggac_nfs_count: long = "vonggac.nfs.count",
    }
}

dataset! {
    /// Modbus requests of one kind in a connection.
    Modbus ModbusColumns modbus "modbus" {
        /// Function, by its name in the specification.
        vonggac_modbus_function: keyword = "vonggac.modbus.function",
        /// Unit identifier.
        vonggac_modbus_unit: long = "vonggac.modbus.unit",
        /// First address.
        vonggac_modbus_address: long = "vonggac.modbus.address",
        /// How many coils or registers.
        vonggac_modbus_quantity: long = "vonggac.modbus.quantity",
        /// Why the unit refused.
        vonggac_modbus_exception: keyword = "vonggac.modbus.exception",
        /// Requests like this one in the connection.
        vonggac_modbus_count: long = "vonggac.modbus.count",
    }
}

dataset! {
    /// One DNP3 message.
    Dnp3 Dnp3Columns dnp3 "dnp3" {
        /// Function of the application layer.
        vonggac_dnp3_function: keyword = "vonggac.dnp3.function",
        /// Function code of the application layer.
        vonggac_dnp3_function_code: long = "vonggac.dnp3.function_code",
        /// Sent by the server of the flow.
        vonggac_dnp3_from_server: boolean = "vonggac.dnp3.from_server",
        /// Address of the sender on the link.
        vonggac_dnp3_source: long = "vonggac.dnp3.source",
        /// Address of the receiver on the link.
        vonggac_dnp3_destination: long = "vonggac.dnp3.destination",
        /// Control octet of the link layer.
        vonggac_dnp3_control: long = "vonggac.dnp3.control",
        /// Control octet of the application layer: 128 first, 64 final, 32 confirm, 16 unsolicited, sequence below.
        vonggac_dnp3_application_control: long = "vonggac.dnp3.application_control",
        /// Internal indications of a response.
        vonggac_dnp3_indications: long = "vonggac.dnp3.indications",
        /// Objects as group.variation, as far as they could be told apart.
        vonggac_dnp3_objects: keyword_list = "vonggac.dnp3.objects",
        /// Qualifier of each object.
        vonggac_dnp3_qualifiers: long_list = "vonggac.dnp3.qualifiers",
        /// First index of each object, 0 where it has none.
        vonggac_dnp3_starts: long_list = "vonggac.dnp3.starts",
        /// Last index of each object, 0 where it has none.
        vonggac_dnp3_stops: long_list = "vonggac.dnp3.stops",
        /// Points of each object.
        vonggac_dnp3_counts: long_list = "vonggac.dnp3.counts",
        /// All objects were read.
        vonggac_dnp3_complete: boolean = "vonggac.dnp3.complete",
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
    mining: MiningColumns "mining",
    mqtt: MqttColumns "mqtt",
    sip: SipColumns "sip",
    sql: SqlColumns "sql",
    dht: DhtColumns "dht",
    nfs: NfsColumns "nfs",
    modbus: ModbusColumns "modbus",
    dnp3: Dnp3Columns "dnp3",
    anomaly: AnomalyColumns "anomaly",
    stats: StatsColumns "stats",
}
