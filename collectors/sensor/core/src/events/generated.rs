// Made by scripts/generate.py from schema/fields; do not edit.

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
    /// Malformed or hostile protocol use, counted per flow.
    Anomaly AnomalyColumns anomaly "anomaly" {
        /// What is wrong, one of a closed list.
        vonggac_anomaly_name: keyword = "vonggac.anomaly.name",
        /// How often in this flow.
        vonggac_anomaly_count: long = "vonggac.anomaly.count",
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
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
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
    }
}

dataset! {
    /// One file carried over the network.
    File FileColumns file "file" {
        /// Name given by the protocol, never used on disk.
        file_name: keyword = "file.name",
        /// Extension of the name, lower case.
        file_extension: keyword = "file.extension",
        /// Size in bytes, after decoding, those never seen among them (vonggac.file.missing_bytes); over SMB: as the server says.
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
        /// Parts that were fetched one by one (HTTP ranges) and joined to this file.
        vonggac_file_parts: long = "vonggac.file.parts",
        /// Hashes and content are of a part only.
        vonggac_file_truncated: boolean = "vonggac.file.truncated",
        /// Bytes that the sensor never saw.
        vonggac_file_missing_bytes: long = "vonggac.file.missing_bytes",
        /// Byte entropy of the content, bits a byte.
        vonggac_file_entropy: float = "vonggac.file.entropy",
        /// event.id of the event that carried the file.
        vonggac_file_carrier: keyword = "vonggac.file.carrier",
        /// Windows program: processor it is made for (x86, x64, arm, arm64).
        file_pe_architecture: keyword = "file.pe.architecture",
        /// MD5 over the import table, as pefile makes it.
        file_pe_imphash: keyword = "file.pe.imphash",
        /// Name that the version information gives.
        file_pe_original_file_name: keyword = "file.pe.original_file_name",
        /// Names of the sections, in order.
        file_pe_sections_name: keyword_list = "file.pe.sections.name",
        /// Sections that the header counts.
        vonggac_file_pe_section_count: long = "vonggac.file.pe.section_count",
        /// When it was linked, as the header says (may be invented).
        vonggac_file_pe_compiled: date = "vonggac.file.pe.compiled",
        /// Byte entropy of the section that holds the entry point, bits a byte.
        vonggac_file_pe_entry_entropy: float = "vonggac.file.pe.entry_entropy",
        /// A certificate table is there (not checked).
        vonggac_file_pe_signed: boolean = "vonggac.file.pe.signed",
        /// A .NET assembly.
        vonggac_file_pe_dotnet: boolean = "vonggac.file.pe.dotnet",
        /// A library (DLL), not a program.
        vonggac_file_pe_library: boolean = "vonggac.file.pe.library",
        /// Names of the members of an archive, disk image or document, the first 64; nested ones behind their archive and a slash.
        vonggac_file_members: keyword_list = "vonggac.file.members",
        /// Members, nested ones included.
        vonggac_file_member_count: long = "vonggac.file.member_count",
        /// Kinds among the members that run or carry what runs, by name or content (values of vonggac.file.kind).
        vonggac_file_kinds_inside: keyword_list = "vonggac.file.kinds_inside",
        /// A password is needed for the content or a member.
        vonggac_file_encrypted: boolean = "vonggac.file.encrypted",
        /// The names of members cannot be read: encrypted as well, or packed in an unusual way.
        vonggac_file_members_hidden: boolean = "vonggac.file.members_hidden",
        /// A Visual Basic project or a sheet of Excel 4.0 macros is inside.
        vonggac_file_macros: boolean = "vonggac.file.macros",
        /// What a document fetches from elsewhere when opened: templates, objects.
        vonggac_file_external: keyword_list = "vonggac.file.external",
        /// What a shortcut runs: target and arguments.
        vonggac_file_command: keyword = "vonggac.file.command",
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
        /// FTP command, upper case; absent for the greeting.
        vonggac_ftp_command: keyword = "vonggac.ftp.command",
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
        /// Packets of the client whose checksum (IPv4, TCP, UDP) is wrong, those left unfinished by a network card not counted; the first 16 and small ones are checked; empty without any.
        vonggac_source_bad_checksums: long = "vonggac.source.bad_checksums",
        /// The same of the server.
        vonggac_destination_bad_checksums: long = "vonggac.destination.bad_checksums",
        /// First 32 payload bytes of the client as hexadecimal digits, of flows whose protocol is not known; cut where a secret may begin.
        vonggac_source_payload_head: keyword = "vonggac.source.payload_head",
        /// The same of the server.
        vonggac_destination_payload_head: keyword = "vonggac.destination.payload_head",
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
        /// All VLAN tags, outermost first, where there are several.
        vonggac_flow_vlans: long_list = "vonggac.flow.vlans",
        /// Security association of ESP (IPsec), one flow each.
        vonggac_flow_spi: long = "vonggac.flow.spi",
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
        /// Of a tunnel: what it is; of a flow: the innermost tunnel that it travels in (gre, nvgre, pptp, erspan, vxlan, vxlan-gpe, geneve, ipip, 6in4, etherip, teredo, l2tp, gtp-u, mpls, pppoe).
        vonggac_tunnel_kind: keyword = "vonggac.tunnel.kind",
        /// Network, key, session or label of that tunnel: VNI, GRE key, TEID ….
        vonggac_tunnel_id: long = "vonggac.tunnel.id",
        /// vonggac.flow.id of the flow that carries this one (for a flow, of its first packet).
        vonggac_tunnel_outer_flow: keyword = "vonggac.tunnel.outer_flow",
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
        /// Packets of the client whose checksum (IPv4, TCP, UDP) is wrong, those left unfinished by a network card not counted; the first 16 and small ones are checked; empty without any.
        vonggac_source_bad_checksums: long = "vonggac.source.bad_checksums",
        /// The same of the server.
        vonggac_destination_bad_checksums: long = "vonggac.destination.bad_checksums",
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
        /// Of a tunnel: what it is; of a flow: the innermost tunnel that it travels in (gre, nvgre, pptp, erspan, vxlan, vxlan-gpe, geneve, ipip, 6in4, etherip, teredo, l2tp, gtp-u, mpls, pppoe).
        vonggac_tunnel_kind: keyword = "vonggac.tunnel.kind",
        /// Network, key, session or label of that tunnel: VNI, GRE key, TEID ….
        vonggac_tunnel_id: long = "vonggac.tunnel.id",
        /// vonggac.flow.id of the flow that carries this one (for a flow, of its first packet).
        vonggac_tunnel_outer_flow: keyword = "vonggac.tunnel.outer_flow",
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
    /// One flow that carries other packets: GRE, VXLAN, GENEVE, IP in IP ….
    Tunnel TunnelColumns tunnel "tunnel" {
        /// Duration in nanoseconds.
        event_duration: long = "event.duration",
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// Of a tunnel: what it is; of a flow: the innermost tunnel that it travels in (gre, nvgre, pptp, erspan, vxlan, vxlan-gpe, geneve, ipip, 6in4, etherip, teredo, l2tp, gtp-u, mpls, pppoe).
        vonggac_tunnel_kind: keyword = "vonggac.tunnel.kind",
        /// vonggac.flow.id of the flow that carries this one (for a flow, of its first packet).
        vonggac_tunnel_outer_flow: keyword = "vonggac.tunnel.outer_flow",
        /// Different ids seen, in order, at most 16.
        vonggac_tunnel_ids: long_list = "vonggac.tunnel.ids",
        /// Packets that it carried.
        vonggac_tunnel_packets: long = "vonggac.tunnel.packets",
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
        /// Marks of attacks in what is not told for its secrets, as place:kind: body, cookie or header; sql, command, path, script, lookup (JNDI), expression (templates, OGNL), php, entity (XML), object (deserialisation).
        vonggac_http_request_markers: keyword_list = "vonggac.http.request.markers",
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
        /// Stream of HTTP/2 that carried it.
        vonggac_http_stream: long = "vonggac.http.stream",
        /// Which request of its connection, from 0.
        vonggac_http_ordinal: long = "vonggac.http.ordinal",
        /// Program behind a request, where what it asks for is its alone: winrm, rpc-over-http.
        network_application: keyword = "network.application",
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
    /// One Kerberos request with its reply.
    Kerberos KerberosColumns kerberos "kerberos" {
        /// Duration in nanoseconds.
        event_duration: long = "event.duration",
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// Domain or realm of the account.
        user_domain: keyword = "user.domain",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// User for whom a service asks for a ticket (S4U2Self): impersonation.
        user_effective_name: keyword = "user.effective.name",
        /// Realm of that user.
        user_effective_domain: keyword = "user.effective.domain",
        /// AS (first ticket), TGS (further tickets) or AP (a ticket is shown); empty if the request was not seen.
        vonggac_kerberos_request_type: keyword = "vonggac.kerberos.request_type",
        /// AS, TGS or ERROR; empty if there was no reply.
        vonggac_kerberos_reply_type: keyword = "vonggac.kerberos.reply_type",
        /// Service for which a ticket is asked for.
        vonggac_kerberos_service_name: keyword = "vonggac.kerberos.service.name",
        /// Realm that is asked.
        vonggac_kerberos_service_realm: keyword = "vonggac.kerberos.service.realm",
        /// Client that the reply names; differs from the request's under aliases and impersonation.
        vonggac_kerberos_reply_client: keyword = "vonggac.kerberos.reply.client",
        /// Realm of the client that the reply names.
        vonggac_kerberos_reply_realm: keyword = "vonggac.kerberos.reply.realm",
        /// Encryption types that the client takes, best first.
        vonggac_kerberos_encryption_offered: keyword_list = "vonggac.kerberos.encryption.offered",
        /// Encryption type of the ticket that the client shows (forged ones are often rc4-hmac).
        vonggac_kerberos_encryption_presented: keyword = "vonggac.kerberos.encryption.presented",
        /// Encryption type of the time by which the client proves its key (rc4-hmac where an NT hash is used instead of a password).
        vonggac_kerberos_encryption_proof: keyword = "vonggac.kerberos.encryption.proof",
        /// Encryption type of the ticket given.
        vonggac_kerberos_encryption_ticket: keyword = "vonggac.kerberos.encryption.ticket",
        /// Encryption type of the reply's part for the client.
        vonggac_kerberos_encryption_reply: keyword = "vonggac.kerberos.encryption.reply",
        /// The ticket given is encrypted with DES, 3DES or RC4.
        vonggac_kerberos_encryption_ticket_weak: boolean = "vonggac.kerberos.encryption.ticket_weak",
        /// The reply's part for the client is encrypted with DES, 3DES or RC4.
        vonggac_kerberos_encryption_reply_weak: boolean = "vonggac.kerberos.encryption.reply_weak",
        /// Types of pre-authentication data in the request, in order.
        vonggac_kerberos_preauth_types: keyword_list = "vonggac.kerberos.preauth.types",
        /// The AS request proves that the client has its key; a ticket given without it can be guessed offline.
        vonggac_kerberos_preauth_used: boolean = "vonggac.kerberos.preauth.used",
        /// Options of the request.
        vonggac_kerberos_options: keyword_list = "vonggac.kerberos.options",
        /// Until when the ticket is wanted.
        vonggac_kerberos_till: date = "vonggac.kerberos.till",
        /// NetBIOS name of the client's machine, as it says.
        vonggac_kerberos_client_host: keyword = "vonggac.kerberos.client_host",
        /// S4U2Self (a service asks for a ticket to itself in a user's name) or S4U2Proxy (to another service).
        vonggac_kerberos_delegation: keyword = "vonggac.kerberos.delegation",
        /// Name of the error.
        vonggac_kerberos_error_code: keyword = "vonggac.kerberos.error_code",
        /// Words of the server on the error.
        vonggac_kerberos_error_text: keyword = "vonggac.kerberos.error_text",
        /// Status that Windows adds to the error: locked, disabled, expired ….
        vonggac_kerberos_status: keyword = "vonggac.kerberos.status",
    }
}

dataset! {
    /// One LDAP operation with its result.
    Ldap LdapColumns ldap "ldap" {
        /// Duration in nanoseconds.
        event_duration: long = "event.duration",
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// Domain or realm of the account.
        user_domain: keyword = "user.domain",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// Number of the message within its connection.
        vonggac_ldap_message_id: long = "vonggac.ldap.message_id",
        /// bind, unbind, search, modify, add, delete, modify_dn, compare, abandon or extended; sealed: from here on the connection is encrypted by SASL.
        vonggac_ldap_operation: keyword = "vonggac.ldap.operation",
        /// Version of the protocol that a bind asks for.
        vonggac_ldap_version: long = "vonggac.ldap.version",
        /// Distinguished name that is acted on: of the user at a bind, the base of a search, the object of a change.
        vonggac_ldap_name: keyword = "vonggac.ldap.name",
        /// How a bind proves who it is: simple, the SASL mechanism, or ntlm (Sicily).
        vonggac_ldap_method: keyword = "vonggac.ldap.method",
        /// Scope of a search: base, one, sub or children.
        vonggac_ldap_scope: keyword = "vonggac.ldap.scope",
        /// When a search follows aliases: never, searching, finding or always.
        vonggac_ldap_dereference: keyword = "vonggac.ldap.dereference",
        /// Entries that a search wants at most, 0 = all.
        vonggac_ldap_size_limit: long = "vonggac.ldap.size_limit",
        /// Seconds that a search may take, 0 = any.
        vonggac_ldap_time_limit: long = "vonggac.ldap.time_limit",
        /// A search wants names of attributes without values.
        vonggac_ldap_types_only: boolean = "vonggac.ldap.types_only",
        /// Filter of a search.
        vonggac_ldap_filter: keyword = "vonggac.ldap.filter",
        /// Attributes that a search asks for or a compare compares.
        vonggac_ldap_attributes: keyword_list = "vonggac.ldap.attributes",
        /// Value that a compare asks about; values of secret attributes are masked.
        vonggac_ldap_value: keyword = "vonggac.ldap.value",
        /// What an add or modify writes: operation, attribute and value; values of secret attributes are masked.
        vonggac_ldap_changes: keyword_list = "vonggac.ldap.changes",
        /// New relative name at a modify_dn.
        vonggac_ldap_new_name: keyword = "vonggac.ldap.new_name",
        /// New parent at a modify_dn.
        vonggac_ldap_new_superior: keyword = "vonggac.ldap.new_superior",
        /// The old relative name goes at a modify_dn.
        vonggac_ldap_delete_old_name: boolean = "vonggac.ldap.delete_old_name",
        /// Extended operation: its name, or the object identifier.
        vonggac_ldap_extension: keyword = "vonggac.ldap.extension",
        /// Controls of the request: names, or object identifiers.
        vonggac_ldap_controls: keyword_list = "vonggac.ldap.controls",
        /// Entries that a search returned.
        vonggac_ldap_entries: long = "vonggac.ldap.entries",
        /// References to other servers that a search returned.
        vonggac_ldap_references: long = "vonggac.ldap.references",
        /// Distinguished name of the first entry returned.
        vonggac_ldap_entry_name: keyword = "vonggac.ldap.entry.name",
        /// Attributes of the first entry returned, with values; values of secret attributes are masked.
        vonggac_ldap_entry_attributes: keyword_list = "vonggac.ldap.entry.attributes",
        /// Result of the operation.
        vonggac_ldap_result_code: keyword = "vonggac.ldap.result_code",
        /// Last entry that the server found on the way to one that does not exist.
        vonggac_ldap_result_name: keyword = "vonggac.ldap.result_name",
        /// Words of the server; Active Directory says there why a bind failed (data 52e: password, 525: no such user, 775: locked).
        vonggac_ldap_result_text: keyword = "vonggac.ldap.result_text",
    }
}

dataset! {
    /// One opening of a remote desktop connection.
    Rdp RdpColumns rdp "rdp" {
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// Name in the cookie of the connection request, cut to nine letters by most clients.
        vonggac_rdp_cookie: keyword = "vonggac.rdp.cookie",
        /// Token of a load balancer.
        vonggac_rdp_routing_token: keyword = "vonggac.rdp.routing_token",
        /// Security that the client offers: rdp (its own), tls, credssp, rdstls, credssp-early, aad.
        vonggac_rdp_requested: keyword_list = "vonggac.rdp.requested",
        /// Security that the server chose; rdp: its own, without TLS.
        vonggac_rdp_selected: keyword = "vonggac.rdp.selected",
        /// Why the server refused the security offered.
        vonggac_rdp_failure: keyword = "vonggac.rdp.failure",
        /// Restricted administration: the password stays on the client, a hash is enough.
        vonggac_rdp_restricted_admin: boolean = "vonggac.rdp.restricted_admin",
        /// Name of the client's machine, where it is not encrypted.
        vonggac_rdp_client_name: keyword = "vonggac.rdp.client.name",
        /// Build number of the client (2600 is used by many tools).
        vonggac_rdp_client_build: long = "vonggac.rdp.client.build",
        /// Keyboard layout of the client, hexadecimal: 0000042a is Vietnamese.
        vonggac_rdp_client_keyboard: keyword = "vonggac.rdp.client.keyboard",
        /// Version of the protocol that the client speaks.
        vonggac_rdp_client_version: keyword = "vonggac.rdp.client.version",
        /// Virtual channels that the client opens: rdpdr carries drives, cliprdr the clipboard.
        vonggac_rdp_channels: keyword_list = "vonggac.rdp.channels",
    }
}

dataset! {
    /// One DHCP message.
    Dhcp DhcpColumns dhcp "dhcp" {
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
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
        /// DHCPv6: all addresses asked for or assigned.
        vonggac_dhcp_addresses: ip_list = "vonggac.dhcp.addresses",
        /// DHCPv6: prefixes asked for or delegated.
        vonggac_dhcp_prefixes: keyword_list = "vonggac.dhcp.prefixes",
        /// DHCPv6: identifier of the client.
        vonggac_dhcp_client_duid: keyword = "vonggac.dhcp.client_duid",
        /// DHCPv6: identifier of the server.
        vonggac_dhcp_server_duid: keyword = "vonggac.dhcp.server_duid",
        /// DHCPv6: status code other than success.
        vonggac_dhcp_status: long = "vonggac.dhcp.status",
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
    /// One question or answer about names without a server: LLMNR, multicast DNS, NetBIOS (network.protocol tells).
    Llmnr LlmnrColumns llmnr "llmnr" {
        /// Transaction id.
        dns_id: long = "dns.id",
        /// query (unanswered) or answer.
        dns_type: keyword = "dns.type",
        /// QUERY, NOTIFY, UPDATE ….
        dns_op_code: keyword = "dns.op_code",
        /// Name asked for, lower case.
        dns_question_name: keyword = "dns.question.name",
        /// Record type asked for.
        dns_question_type: keyword = "dns.question.type",
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
        /// Time from question to answer, µs.
        vonggac_dns_rtt: long = "vonggac.dns.rtt",
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// Of an answer: who answers (a host that answers for names which are not its own catches passwords).
        vonggac_llmnr_responder_ip: ip = "vonggac.llmnr.responder_ip",
        /// The question was seen in the same flow.
        vonggac_llmnr_asked: boolean = "vonggac.llmnr.asked",
        /// Further names asked for in the same message (multicast DNS).
        vonggac_llmnr_more_questions: keyword_list = "vonggac.llmnr.more_questions",
        /// NetBIOS: what the sixteenth byte of the name says: workstation, file-server, domain-controllers ….
        vonggac_llmnr_role: keyword = "vonggac.llmnr.role",
        /// Name that the sender gives itself.
        vonggac_llmnr_host_name: keyword = "vonggac.llmnr.host_name",
        /// Address of the machine that has vonggac.llmnr.host_name.
        vonggac_llmnr_host_ip: ip = "vonggac.llmnr.host_ip",
        /// Hardware address that a NetBIOS node gives for itself.
        vonggac_llmnr_host_mac: keyword = "vonggac.llmnr.host_mac",
    }
}

dataset! {
    /// One message of IPv6 neighbour discovery, repeats once a minute.
    Ndp NdpColumns ndp "ndp" {
        /// router-solicitation, router-advertisement, neighbour-solicitation, neighbour-advertisement or redirect.
        vonggac_ndp_type: keyword = "vonggac.ndp.type",
        /// Address asked for or claimed; of a redirect, the better first hop.
        vonggac_ndp_target_ip: ip = "vonggac.ndp.target_ip",
        /// Hardware address that the message gives.
        vonggac_ndp_link_address: keyword = "vonggac.ndp.link_address",
        /// Of a router: managed, other, home-agent, preference-high, preference-low; of a neighbour: router, solicited, override.
        vonggac_ndp_flags: keyword_list = "vonggac.ndp.flags",
        /// Seconds for which the router serves as default router; 0: not at all.
        vonggac_ndp_router_lifetime: long = "vonggac.ndp.router_lifetime",
        /// Prefixes announced.
        vonggac_ndp_prefixes: keyword_list = "vonggac.ndp.prefixes",
        /// DNS servers announced.
        vonggac_ndp_name_servers: ip_list = "vonggac.ndp.name_servers",
        /// MTU announced.
        vonggac_ndp_mtu: long = "vonggac.ndp.mtu",
    }
}

dataset! {
    /// One device that introduces itself by LLDP, CDP or an offer of PPPoE, repeats every five minutes.
    Lldp LldpColumns lldp "lldp" {
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// Name of the device.
        vonggac_lldp_system_name: keyword = "vonggac.lldp.system_name",
        /// Description or software of the device.
        vonggac_lldp_description: keyword = "vonggac.lldp.description",
        /// Hardware (CDP).
        vonggac_lldp_platform: keyword = "vonggac.lldp.platform",
        /// Identifier of the device, mostly its hardware address.
        vonggac_lldp_chassis_id: keyword = "vonggac.lldp.chassis_id",
        /// Port that it speaks from.
        vonggac_lldp_port_id: keyword = "vonggac.lldp.port_id",
        /// Description of the port.
        vonggac_lldp_port_description: keyword = "vonggac.lldp.port_description",
        /// What the device is at work as: bridge, router, access-point, telephone, station ….
        vonggac_lldp_capabilities: keyword_list = "vonggac.lldp.capabilities",
        /// Addresses under which it is managed.
        vonggac_lldp_management_ip: ip_list = "vonggac.lldp.management_ip",
        /// VLAN of untagged frames on the port.
        vonggac_lldp_native_vlan: long = "vonggac.lldp.native_vlan",
        /// Seconds for which the information holds; 0: the device leaves.
        vonggac_lldp_lifetime: long = "vonggac.lldp.lifetime",
    }
}

dataset! {
    /// One message of spanning tree, repeats every five minutes.
    Stp StpColumns stp "stp" {
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// configuration or topology-change.
        vonggac_stp_type: keyword = "vonggac.stp.type",
        /// The tree changes.
        vonggac_stp_topology_change: boolean = "vonggac.stp.topology_change",
        /// Priority of the root bridge (the lowest wins).
        vonggac_stp_root_priority: long = "vonggac.stp.root_priority",
        /// Hardware address of the root bridge.
        vonggac_stp_root_mac: keyword = "vonggac.stp.root_mac",
        /// Cost of the way to the root.
        vonggac_stp_root_cost: long = "vonggac.stp.root_cost",
        /// Priority of the sending bridge.
        vonggac_stp_bridge_priority: long = "vonggac.stp.bridge_priority",
        /// Hardware address of the sending bridge.
        vonggac_stp_bridge_mac: keyword = "vonggac.stp.bridge_mac",
        /// Port of the sending bridge, with its priority.
        vonggac_stp_port: long = "vonggac.stp.port",
    }
}

dataset! {
    /// One message about group membership (IGMP, MLD), repeats every five minutes.
    Igmp IgmpColumns igmp "igmp" {
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// query, report or leave.
        vonggac_igmp_type: keyword = "vonggac.igmp.type",
        /// Version of the protocol.
        vonggac_igmp_version: long = "vonggac.igmp.version",
        /// Groups that it is about.
        vonggac_igmp_groups: ip_list = "vonggac.igmp.groups",
    }
}

dataset! {
    /// One announcement of routers that share an address (VRRP, HSRP), repeats every five minutes.
    Vrrp VrrpColumns vrrp "vrrp" {
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// Version of the protocol.
        vonggac_vrrp_version: long = "vonggac.vrrp.version",
        /// HSRP: hello, coup, resign or advertise.
        vonggac_vrrp_type: keyword = "vonggac.vrrp.type",
        /// HSRP: state of the router: active, standby, speak ….
        vonggac_vrrp_state: keyword = "vonggac.vrrp.state",
        /// Number of the group.
        vonggac_vrrp_group: long = "vonggac.vrrp.group",
        /// Priority of the router (the highest takes the address).
        vonggac_vrrp_priority: long = "vonggac.vrrp.priority",
        /// Addresses that the group shares.
        vonggac_vrrp_addresses: ip_list = "vonggac.vrrp.addresses",
        /// Mask of a password that was sent in clear.
        vonggac_vrrp_secret: keyword = "vonggac.vrrp.secret",
    }
}

dataset! {
    /// One UPnP search, answer or announcement.
    Ssdp SsdpColumns ssdp "ssdp" {
        /// User-Agent header.
        user_agent_original: keyword = "user_agent.original",
        /// What was done, in the words of the protocol.
        event_action: keyword = "event.action",
        /// What is searched for or announced (ST, NT).
        vonggac_ssdp_target: keyword = "vonggac.ssdp.target",
        /// Of an announcement: alive, byebye or update.
        vonggac_ssdp_status: keyword = "vonggac.ssdp.status",
        /// Unique name of the service (USN).
        vonggac_ssdp_usn: keyword = "vonggac.ssdp.usn",
        /// System and product of the device (SERVER).
        vonggac_ssdp_server: keyword = "vonggac.ssdp.server",
        /// Where the description of the device is.
        vonggac_ssdp_location: keyword = "vonggac.ssdp.location",
        /// The device that answers or announces itself.
        vonggac_ssdp_device_ip: ip = "vonggac.ssdp.device_ip",
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
    /// One request to a SOCKS proxy.
    Socks SocksColumns socks "socks" {
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// Version of the request: 4, 4a or 5.
        vonggac_socks_version: keyword = "vonggac.socks.version",
        /// connect, bind or udp-associate.
        vonggac_socks_command: keyword = "vonggac.socks.command",
        /// How the client proves who it is: none, gssapi, password, or the number; refused when the server takes none of those offered.
        vonggac_socks_method: keyword = "vonggac.socks.method",
        /// Name or address that the client wants to reach.
        vonggac_socks_host: keyword = "vonggac.socks.host",
        /// Port that the client wants to reach.
        vonggac_socks_port: port = "vonggac.socks.port",
        /// What the proxy answers: succeeded, refused ….
        vonggac_socks_reply: keyword = "vonggac.socks.reply",
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
    /// Calls of one function of a Siemens controller (S7) in a connection.
    S7comm S7commColumns s7comm "s7comm" {
        /// Function: read, write, plc-stop, plc-control, request-download, start-upload, setup, cpu-functions ….
        vonggac_s7comm_function: keyword = "vonggac.s7comm.function",
        /// Class and code of the error that answers it.
        vonggac_s7comm_error: keyword = "vonggac.s7comm.error",
        /// Such calls in the connection.
        vonggac_s7comm_count: long = "vonggac.s7comm.count",
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
    /// One NTP conversation.
    Ntp NtpColumns ntp "ntp" {
        /// Version of the first message.
        vonggac_ntp_version: long = "vonggac.ntp.version",
        /// Mode of the first message: client, server, symmetric-active, symmetric-passive, broadcast, control or private.
        vonggac_ntp_mode: keyword = "vonggac.ntp.mode",
        /// Stratum of the last answer, 0 = refused (kiss of death).
        vonggac_ntp_stratum: long = "vonggac.ntp.stratum",
        /// Reference of the last answer: the source's address, its clock (GPS), or the reason of a refusal (RATE).
        vonggac_ntp_reference: keyword = "vonggac.ntp.reference",
        /// Messages from the client.
        vonggac_ntp_requests: long = "vonggac.ntp.requests",
        /// Messages from the server.
        vonggac_ntp_replies: long = "vonggac.ntp.replies",
        /// Requests for control (mode 6) and private use (mode 7), e.g. monlist: answers are many times larger than questions.
        vonggac_ntp_control: keyword_list = "vonggac.ntp.control",
    }
}

dataset! {
    /// One syslog message.
    Syslog SyslogColumns syslog "syslog" {
        /// Facility.
        log_syslog_facility_name: keyword = "log.syslog.facility.name",
        /// Severity.
        log_syslog_severity_name: keyword = "log.syslog.severity.name",
        /// Machine that the message names.
        log_syslog_hostname: keyword = "log.syslog.hostname",
        /// Program that the message names.
        log_syslog_appname: keyword = "log.syslog.appname",
        /// Process that the message names.
        log_syslog_procid: keyword = "log.syslog.procid",
        /// The text, cut at 512 bytes, values of secret names masked.
        message: keyword = "message",
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
    /// One SNMP request with its response, or one notification.
    Snmp SnmpColumns snmp "snmp" {
        /// Duration in nanoseconds.
        event_duration: long = "event.duration",
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// 1, 2c or 3.
        vonggac_snmp_version: keyword = "vonggac.snmp.version",
        /// get, get-next, get-bulk, set, inform, trap, trap-v2 or encrypted; empty if only the response was seen.
        vonggac_snmp_request_type: keyword = "vonggac.snmp.request_type",
        /// response, report or encrypted; empty if there was none.
        vonggac_snmp_response_type: keyword = "vonggac.snmp.response_type",
        /// Community, the password of versions 1 and 2c, masked; the well-known public and private stay readable.
        vonggac_snmp_community: keyword = "vonggac.snmp.community",
        /// Security of version 3: none, auth or auth-encrypted.
        vonggac_snmp_security: keyword = "vonggac.snmp.security",
        /// Engine of version 3 that is responsible, hexadecimal: names one device for good.
        vonggac_snmp_engine_id: keyword = "vonggac.snmp.engine_id",
        /// Variables asked for or reported, the first sixteen.
        vonggac_snmp_oids: keyword_list = "vonggac.snmp.oids",
        /// Number of variables in the response, or in a message that has none.
        vonggac_snmp_variables: long = "vonggac.snmp.variables",
        /// Error of the response.
        vonggac_snmp_error: keyword = "vonggac.snmp.error",
        /// Requests that this event stands for: further ones of a flow with very many are counted together.
        vonggac_snmp_requests: long = "vonggac.snmp.requests",
    }
}

dataset! {
    /// One SMB command with its answer; what was read and written is summed up at the close of the file.
    Smb SmbColumns smb "smb" {
        /// Size in bytes, after decoding, those never seen among them (vonggac.file.missing_bytes); over SMB: as the server says.
        file_size: long = "file.size",
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// Domain or realm of the account.
        user_domain: keyword = "user.domain",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// Path inside the share, as sent.
        file_path: keyword = "file.path",
        /// When the file was made, says the server.
        file_created: date = "file.created",
        /// When it was last read.
        file_accessed: date = "file.accessed",
        /// When its content last changed.
        file_mtime: date = "file.mtime",
        /// When anything of it last changed.
        file_ctime: date = "file.ctime",
        /// 1, 2 or 3: which SMB the command belongs to.
        vonggac_smb_version: long = "vonggac.smb.version",
        /// Dialect agreed upon: NT LM 0.12, 2.0.2, 2.1, 3.0, 3.0.2, 3.1.1.
        vonggac_smb_dialect: keyword = "vonggac.smb.dialect",
        /// Dialects offered.
        vonggac_smb_dialects: keyword_list = "vonggac.smb.dialects",
        /// Command; READ or WRITE sums up a file that was never closed, TRANSFORM is the first encrypted message of a session.
        vonggac_smb_command: keyword = "vonggac.smb.command",
        /// What the command does in particular: a control code, a subcommand of a transaction, rename, link, delete, undelete.
        vonggac_smb_function: keyword = "vonggac.smb.function",
        /// Result, by its NT name; empty if no answer was seen.
        vonggac_smb_status: keyword = "vonggac.smb.status",
        /// Result, by its number.
        vonggac_smb_status_code: long = "vonggac.smb.status_code",
        /// Which transaction of its connection, from 0.
        vonggac_smb_ordinal: long = "vonggac.smb.ordinal",
        /// Number of the message (SMB 1: multiplex id).
        vonggac_smb_message_id: long = "vonggac.smb.message_id",
        /// Session (SMB 1: user id).
        vonggac_smb_session_id: long = "vonggac.smb.session_id",
        /// Connection to a share.
        vonggac_smb_tree_id: long = "vonggac.smb.tree_id",
        /// GUID of the client's machine, the same in all its connections.
        vonggac_smb_client_guid: keyword = "vonggac.smb.client.guid",
        /// GUID of the server.
        vonggac_smb_server_guid: keyword = "vonggac.smb.server.guid",
        /// What the client says of signatures: required, enabled or none.
        vonggac_smb_client_signing: keyword = "vonggac.smb.client.signing",
        /// What the server says of signatures (relays need a server that does not require them).
        vonggac_smb_server_signing: keyword = "vonggac.smb.server.signing",
        /// Cipher agreed upon.
        vonggac_smb_cipher: keyword = "vonggac.smb.cipher",
        /// The session's messages are encrypted from here on.
        vonggac_smb_encrypted: boolean = "vonggac.smb.encrypted",
        /// Mechanism of the log-in: ntlm, kerberos or none (anonymous).
        vonggac_smb_auth: keyword = "vonggac.smb.auth",
        /// The server let the client in as guest or without an account.
        vonggac_smb_guest: boolean = "vonggac.smb.guest",
        /// Name of the client's machine, as it says.
        vonggac_smb_client_host: keyword = "vonggac.smb.client.host",
        /// Version of the client's system, as it says.
        vonggac_smb_client_version: keyword = "vonggac.smb.client.version",
        /// SMB 1: the client's system, as it says.
        vonggac_smb_client_os: keyword = "vonggac.smb.client.os",
        /// SMB 1: the client's LAN manager, as it says.
        vonggac_smb_client_lanman: keyword = "vonggac.smb.client.lanman",
        /// SMB 1: the server's system, as it says.
        vonggac_smb_server_os: keyword = "vonggac.smb.server.os",
        /// SMB 1: the server's LAN manager, as it says.
        vonggac_smb_server_lanman: keyword = "vonggac.smb.server.lanman",
        /// Realm of the ticket that the client logs in with.
        vonggac_smb_kerberos_realm: keyword = "vonggac.smb.kerberos.realm",
        /// Service of the ticket, in its parts.
        vonggac_smb_kerberos_service: keyword_list = "vonggac.smb.kerberos.service",
        /// Path of the share.
        vonggac_smb_share: keyword = "vonggac.smb.share",
        /// disk, pipe or print.
        vonggac_smb_share_type: keyword = "vonggac.smb.share_type",
        /// Name of the pipe that is opened or used, without a leading backslash.
        vonggac_smb_named_pipe: keyword = "vonggac.smb.named_pipe",
        /// The open file, for the commands on it.
        vonggac_smb_file_id: keyword = "vonggac.smb.file_id",
        /// What a create does if the file is there or not: SUPERSEDE, OPEN, CREATE, OPEN_IF, OVERWRITE, OVERWRITE_IF.
        vonggac_smb_disposition: keyword = "vonggac.smb.disposition",
        /// Access asked for.
        vonggac_smb_access: keyword_list = "vonggac.smb.access",
        /// Options of the create that tell something.
        vonggac_smb_options: keyword_list = "vonggac.smb.options",
        /// It is a directory.
        vonggac_smb_directory: boolean = "vonggac.smb.directory",
        /// New path of a rename, second path of a link.
        vonggac_smb_target: keyword = "vonggac.smb.target",
        /// Pattern of a directory query.
        vonggac_smb_pattern: keyword = "vonggac.smb.pattern",
        /// Bytes read from the file or pipe while it was open.
        vonggac_smb_bytes_read: long = "vonggac.smb.bytes_read",
        /// Bytes written to it while it was open.
        vonggac_smb_bytes_written: long = "vonggac.smb.bytes_written",
        /// Answered read commands while it was open.
        vonggac_smb_reads: long = "vonggac.smb.reads",
        /// Write commands while it was open.
        vonggac_smb_writes: long = "vonggac.smb.writes",
    }
}

dataset! {
    /// One NTLM log-in, whatever protocol carries it.
    Ntlm NtlmColumns ntlm "ntlm" {
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// Domain or realm of the account.
        user_domain: keyword = "user.domain",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// Name of the client's machine, as it says.
        vonggac_ntlm_host: keyword = "vonggac.ntlm.host",
        /// How the client answers: ntlmv2, ntlmv1-ess, ntlmv1, lm (old ones are easily broken) or anonymous; empty if it never did.
        vonggac_ntlm_response: keyword = "vonggac.ntlm.response",
        /// What the carrier answered.
        vonggac_ntlm_reason: keyword = "vonggac.ntlm.reason",
        /// Flags of the client's answer (attack tools have their own set).
        vonggac_ntlm_flags: long = "vonggac.ntlm.flags",
        /// A session key is exchanged: what follows can be signed or sealed.
        vonggac_ntlm_session_key: boolean = "vonggac.ntlm.session_key",
        /// The answer protects all three messages against changes on the way (relays without it stand out).
        vonggac_ntlm_checked: boolean = "vonggac.ntlm.checked",
        /// Whom the client means to log in to; another server than the one reached is a relay.
        vonggac_ntlm_service: keyword = "vonggac.ntlm.service",
        /// Version of the client's system.
        vonggac_ntlm_client_version: keyword = "vonggac.ntlm.client.version",
        /// Version of the server's system.
        vonggac_ntlm_server_version: keyword = "vonggac.ntlm.server.version",
        /// Domain or machine that the server logs in to.
        vonggac_ntlm_server_target: keyword = "vonggac.ntlm.server.target",
        /// The number that the server asks with; one that comes again is an attack tool.
        vonggac_ntlm_server_challenge: keyword = "vonggac.ntlm.server.challenge",
        /// NetBIOS name of the server.
        vonggac_ntlm_server_computer: keyword = "vonggac.ntlm.server.computer",
        /// NetBIOS name of the server's domain.
        vonggac_ntlm_server_domain: keyword = "vonggac.ntlm.server.domain",
        /// DNS name of the server.
        vonggac_ntlm_server_dns_computer: keyword = "vonggac.ntlm.server.dns_computer",
        /// DNS name of the server's domain.
        vonggac_ntlm_server_dns_domain: keyword = "vonggac.ntlm.server.dns_domain",
        /// DNS name of the server's forest.
        vonggac_ntlm_server_dns_forest: keyword = "vonggac.ntlm.server.dns_forest",
        /// The server's clock.
        vonggac_ntlm_server_time: date = "vonggac.ntlm.server.time",
    }
}

dataset! {
    /// One remote procedure call, or one agreement on what may be called.
    Dcerpc DcerpcColumns dcerpc "dcerpc" {
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// 5.0 or 5.1 (connections), 4.0 (datagrams).
        vonggac_dcerpc_version: keyword = "vonggac.dcerpc.version",
        /// request (a call), bind or alter_context (an agreement on interfaces); empty if not seen.
        vonggac_dcerpc_request: keyword = "vonggac.dcerpc.request",
        /// response, fault, reject, bind_ack, bind_nak, alter_context_resp; empty if there was none.
        vonggac_dcerpc_response: keyword = "vonggac.dcerpc.response",
        /// Number of the call; of datagrams: its number in the activity.
        vonggac_dcerpc_call_id: long = "vonggac.dcerpc.call_id",
        /// Activity that the call belongs to; only of datagrams.
        vonggac_dcerpc_activity: keyword = "vonggac.dcerpc.activity",
        /// Interface called; of an agreement the first that was accepted.
        vonggac_dcerpc_interface_uuid: keyword = "vonggac.dcerpc.interface.uuid",
        /// Name of the interface, where it is known.
        vonggac_dcerpc_interface_name: keyword = "vonggac.dcerpc.interface.name",
        /// Version of the interface.
        vonggac_dcerpc_interface_version: keyword = "vonggac.dcerpc.interface.version",
        /// Number of the operation.
        vonggac_dcerpc_operation_number: long = "vonggac.dcerpc.operation.number",
        /// Name of the operation, where it is known.
        vonggac_dcerpc_operation_name: keyword = "vonggac.dcerpc.operation.name",
        /// Interfaces that the client offers to call.
        vonggac_dcerpc_offered_uuid: keyword_list = "vonggac.dcerpc.offered.uuid",
        /// Their names, or identifiers.
        vonggac_dcerpc_offered_name: keyword_list = "vonggac.dcerpc.offered.name",
        /// Their versions.
        vonggac_dcerpc_offered_version: keyword_list = "vonggac.dcerpc.offered.version",
        /// How arguments may be written: ndr, ndr64, features (of the connection).
        vonggac_dcerpc_offered_syntax: keyword_list = "vonggac.dcerpc.offered.syntax",
        /// The server's answers: 0 accepted, 1 or 2 refused, 3 answer to features.
        vonggac_dcerpc_offered_result: long_list = "vonggac.dcerpc.offered.result",
        /// Named pipe of SMB that carries it.
        vonggac_dcerpc_pipe: keyword = "vonggac.dcerpc.pipe",
        /// Why a call or an agreement failed.
        vonggac_dcerpc_status: keyword = "vonggac.dcerpc.status",
        /// Last number of the response, which is what operations of Windows return; only of known interfaces in clear.
        vonggac_dcerpc_result: keyword = "vonggac.dcerpc.result",
        /// Bytes behind the heads of the request, with what protects them.
        vonggac_dcerpc_request_bytes: long = "vonggac.dcerpc.request_bytes",
        /// Fragments of the request.
        vonggac_dcerpc_request_fragments: long = "vonggac.dcerpc.request_fragments",
        /// Bytes behind the heads of the response, with what protects them.
        vonggac_dcerpc_response_bytes: long = "vonggac.dcerpc.response_bytes",
        /// Fragments of the response.
        vonggac_dcerpc_response_fragments: long = "vonggac.dcerpc.response_fragments",
        /// How it is protected: ntlm, kerberos, spnego, netlogon, schannel; empty if not at all.
        vonggac_dcerpc_auth_type: keyword = "vonggac.dcerpc.auth.type",
        /// How far: connect, call, packet, integrity, privacy (arguments are encrypted).
        vonggac_dcerpc_auth_level: keyword = "vonggac.dcerpc.auth.level",
        /// What the call acts upon: service, task, registry key or value, account (name, RID, SID), file, printer, class, method or the interface whose endpoint is asked for.
        vonggac_dcerpc_target: keyword = "vonggac.dcerpc.target",
        /// Program, command line, query or registry text that the call brings; masked where its name is a password's.
        vonggac_dcerpc_command: keyword = "vonggac.dcerpc.command",
        /// Where the asked interface is served, from the endpoint mapper.
        vonggac_dcerpc_endpoints: keyword_list = "vonggac.dcerpc.endpoints",
        /// The credential or challenge of a netlogon call is all zeros (CVE-2020-1472).
        vonggac_dcerpc_zero_credential: boolean = "vonggac.dcerpc.zero_credential",
        /// Calls of this operation that this row stands for, in connections that make thousands.
        vonggac_dcerpc_count: long = "vonggac.dcerpc.count",
    }
}

dataset! {
    /// One FTP command with its replies.
    Ftp FtpColumns ftp "ftp" {
        /// Name given by the protocol, never used on disk.
        file_name: keyword = "file.name",
        /// download (to the client) or upload (to the server).
        vonggac_file_direction: keyword = "vonggac.file.direction",
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// FTP command, upper case; absent for the greeting.
        vonggac_ftp_command: keyword = "vonggac.ftp.command",
        /// Argument of the command; secrets masked, absent for commands that no RFC knows.
        vonggac_ftp_argument: keyword = "vonggac.ftp.argument",
        /// The command line was too long and is kept in part.
        vonggac_ftp_argument_cut: boolean = "vonggac.ftp.argument_cut",
        /// Codes of the replies, preliminary ones first.
        vonggac_ftp_reply_codes: long_list = "vonggac.ftp.reply.codes",
        /// Lines of the replies (bounded).
        vonggac_ftp_reply_texts: keyword_list = "vonggac.ftp.reply.texts",
        /// A reply was too long and is kept in part.
        vonggac_ftp_reply_cut: boolean = "vonggac.ftp.reply_cut",
        /// Who listens for the data connection: active (the client) or passive (the server).
        vonggac_ftp_mode: keyword = "vonggac.ftp.mode",
        /// Address announced for the data connection (a third machine: FTP bounce).
        vonggac_ftp_data_ip: ip = "vonggac.ftp.data_ip",
        /// Port announced for the data connection.
        vonggac_ftp_data_port: port = "vonggac.ftp.data_port",
        /// Size of the file as the server says, bytes.
        vonggac_ftp_size: long = "vonggac.ftp.size",
        /// The transfer goes on from this byte (REST).
        vonggac_ftp_offset: long = "vonggac.ftp.offset",
        /// A final reply came.
        vonggac_ftp_completed: boolean = "vonggac.ftp.completed",
    }
}

dataset! {
    /// One FTP data connection.
    FtpData FtpDataColumns ftp_data "ftp_data" {
        /// Name given by the protocol, never used on disk.
        file_name: keyword = "file.name",
        /// Size in bytes, after decoding, those never seen among them (vonggac.file.missing_bytes); over SMB: as the server says.
        file_size: long = "file.size",
        /// download (to the client) or upload (to the server).
        vonggac_file_direction: keyword = "vonggac.file.direction",
        /// event.id of the event that carried the file.
        vonggac_file_carrier: keyword = "vonggac.file.carrier",
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// FTP command, upper case; absent for the greeting.
        vonggac_ftp_command: keyword = "vonggac.ftp.command",
        /// Who listens for the data connection: active (the client) or passive (the server).
        vonggac_ftp_mode: keyword = "vonggac.ftp.mode",
    }
}

dataset! {
    /// One TFTP request with its transfer.
    Tftp TftpColumns tftp "tftp" {
        /// Name given by the protocol, never used on disk.
        file_name: keyword = "file.name",
        /// Size in bytes, after decoding, those never seen among them (vonggac.file.missing_bytes); over SMB: as the server says.
        file_size: long = "file.size",
        /// download (to the client) or upload (to the server).
        vonggac_file_direction: keyword = "vonggac.file.direction",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// read or write.
        vonggac_tftp_operation: keyword = "vonggac.tftp.operation",
        /// Transfer mode, lower case: octet, netascii, mail.
        vonggac_tftp_mode: keyword = "vonggac.tftp.mode",
        /// Options asked for, as name=value.
        vonggac_tftp_options: keyword_list = "vonggac.tftp.options",
        /// Block size of the transfer, bytes.
        vonggac_tftp_block_size: long = "vonggac.tftp.block_size",
        /// Error code and its text.
        vonggac_tftp_error: keyword = "vonggac.tftp.error",
    }
}

dataset! {
    /// One SSH connection.
    Ssh SshColumns ssh "ssh" {
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// HASSH: MD5 over the client's algorithm lists.
        ssh_client_hassh: keyword = "ssh.client.hassh",
        /// HASSHServer: MD5 over the server's algorithm lists.
        ssh_server_hassh: keyword = "ssh.server.hassh",
        /// Protocol version in the client's banner.
        vonggac_ssh_client_version: keyword = "vonggac.ssh.client.version",
        /// Software in the client's banner.
        vonggac_ssh_client_software: keyword = "vonggac.ssh.client.software",
        /// The text under ssh.client.hassh: key exchange, encryption, MAC and compression, each by preference.
        vonggac_ssh_client_algorithms: keyword = "vonggac.ssh.client.algorithms",
        /// Protocol version in the server's banner.
        vonggac_ssh_server_version: keyword = "vonggac.ssh.server.version",
        /// Software in the server's banner.
        vonggac_ssh_server_software: keyword = "vonggac.ssh.server.software",
        /// The text under ssh.server.hassh.
        vonggac_ssh_server_algorithms: keyword = "vonggac.ssh.server.algorithms",
        /// Key exchange agreed.
        vonggac_ssh_key_exchange: keyword = "vonggac.ssh.key_exchange",
        /// Encryption agreed, server to client.
        vonggac_ssh_cipher: keyword = "vonggac.ssh.cipher",
        /// Type of the server's host key.
        vonggac_ssh_host_key_type: keyword = "vonggac.ssh.host_key.type",
        /// SHA-256 of the server's host key, hexadecimal (two servers with one key, or a key that has changed, show here).
        vonggac_ssh_host_key_sha256: keyword = "vonggac.ssh.host_key.sha256",
        /// Replies that reject a log-in, inferred from sizes; clients mostly ask once without credentials first.
        vonggac_ssh_rejections: long = "vonggac.ssh.rejections",
    }
}

dataset! {
    /// One Telnet session.
    Telnet TelnetColumns telnet "telnet" {
        /// Account, without its domain.
        user_name: keyword = "user.name",
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// Terminal type of the client.
        vonggac_telnet_terminal: keyword = "vonggac.telnet.terminal",
        /// Options negotiated, in order of their first mention.
        vonggac_telnet_options: keyword_list = "vonggac.telnet.options",
        /// What the server says before the first log-in (bounded).
        vonggac_telnet_greeting: keyword = "vonggac.telnet.greeting",
        /// Log-ins tried.
        vonggac_telnet_attempts: long = "vonggac.telnet.attempts",
        /// A shell prompt was seen.
        vonggac_telnet_shell: boolean = "vonggac.telnet.shell",
        /// Lines that the client sent beside its log-ins (bounded).
        vonggac_telnet_lines: long = "vonggac.telnet.lines",
    }
}

dataset! {
    /// One remote desktop session over VNC (RFB).
    Rfb RfbColumns rfb "rfb" {
        /// success, failure or unknown.
        event_outcome: keyword = "event.outcome",
        /// Protocol version that the server offers.
        vonggac_rfb_server_version: keyword = "vonggac.rfb.server_version",
        /// Protocol version that the client chooses.
        vonggac_rfb_client_version: keyword = "vonggac.rfb.client_version",
        /// Security types that the server offers: 1 none, 2 VNC, 16 Tight, 19 VeNCrypt, 30 Apple ….
        vonggac_rfb_security_types: long_list = "vonggac.rfb.security_types",
        /// Security type in use.
        vonggac_rfb_security_type: long = "vonggac.rfb.security_type",
        /// Subtype of VeNCrypt in use: 256 password in clear, 257 to 259 TLS without a certificate, 260 to 262 with one (none, VNC, password inside).
        vonggac_rfb_security_subtype: long = "vonggac.rfb.security_subtype",
        /// Why the server refuses.
        vonggac_rfb_reason: keyword = "vonggac.rfb.reason",
        /// Other viewers may stay connected.
        vonggac_rfb_shared: boolean = "vonggac.rfb.shared",
        /// Width of the desktop, pixels.
        vonggac_rfb_width: long = "vonggac.rfb.width",
        /// Height of the desktop, pixels.
        vonggac_rfb_height: long = "vonggac.rfb.height",
        /// Name of the desktop.
        vonggac_rfb_desktop: keyword = "vonggac.rfb.desktop",
    }
}

dataset! {
    /// One TLS handshake.
    Tls TlsColumns tls "tls" {
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
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
        /// What JA3 is the hash of: version, ciphers, extensions, groups and point formats in order, decimal.
        vonggac_tls_client_ja3_string: keyword = "vonggac.tls.client.ja3_string",
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
        /// Distinguished name of the subject of the client's own certificate.
        tls_client_subject: keyword = "tls.client.subject",
        /// Distinguished name of the issuer of the client's own certificate.
        tls_client_issuer: keyword = "tls.client.issuer",
        /// SHA-1 of the client's own certificate.
        tls_client_hash_sha1: keyword = "tls.client.hash.sha1",
        /// JA3S of the ServerHello.
        tls_server_ja3s: keyword = "tls.server.ja3s",
        /// What JA3S is the hash of: version, cipher and extensions in order, decimal.
        vonggac_tls_server_ja3s_string: keyword = "vonggac.tls.server.ja3s_string",
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
        /// Version of QUIC agreed upon, or the last one tried: 1, 2, draft-29, Q046 ….
        vonggac_quic_version: keyword = "vonggac.quic.version",
    }
}

dataset! {
    /// One certificate seen in a handshake.
    X509 X509Columns x509 "x509" {
        /// SHA-256 (of the DER bytes for a certificate).
        file_hash_sha256: keyword = "file.hash.sha256",
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
        /// Place in the chain, 0 = the sender's own.
        vonggac_x509_position: long = "vonggac.x509.position",
        /// The client showed it, not the server.
        vonggac_x509_client: boolean = "vonggac.x509.client",
        /// Issuer equals subject.
        vonggac_x509_self_signed: boolean = "vonggac.x509.self_signed",
    }
}

dataset! {
    /// One QUIC connection, as far as it is in clear.
    Quic QuicColumns quic "quic" {
        /// Application protocol, recognised by content.
        network_protocol: keyword = "network.protocol",
        /// User-Agent header.
        user_agent_original: keyword = "user_agent.original",
        /// Server name indication.
        tls_client_server_name: keyword = "tls.client.server_name",
        /// Version of QUIC agreed upon, or the last one tried: 1, 2, draft-29, Q046 ….
        vonggac_quic_version: keyword = "vonggac.quic.version",
        /// Versions that the server offered because it knew not the client's.
        vonggac_quic_server_versions: keyword_list = "vonggac.quic.server_versions",
        /// The server had the client prove its address first (Retry).
        vonggac_quic_retry: boolean = "vonggac.quic.retry",
        /// The client sent data before the handshake ended (0-RTT).
        vonggac_quic_early_data: boolean = "vonggac.quic.early_data",
        /// Both sides sent packets that only the ends can read.
        vonggac_quic_established: boolean = "vonggac.quic.established",
        /// Length of the client's own connection id, bytes (0 to 20).
        vonggac_quic_source_id_length: long = "vonggac.quic.source_id_length",
        /// Length of the connection id that the client made up for the server, bytes (8 to 20).
        vonggac_quic_destination_id_length: long = "vonggac.quic.destination_id_length",
        /// Error code of a connection closed during the handshake.
        vonggac_quic_close_code: long = "vonggac.quic.close_code",
    }
}

dataset! {
    /// One HTTP/2 connection; its requests are http events.
    Http2 Http2Columns http2 "http2" {
        /// Settings of the client in order, NAME=value: they tell clients apart.
        vonggac_http2_client_settings: keyword_list = "vonggac.http2.client_settings",
        /// Settings of the server in order, NAME=value.
        vonggac_http2_server_settings: keyword_list = "vonggac.http2.server_settings",
        /// Streams opened.
        vonggac_http2_streams: long = "vonggac.http2.streams",
        /// Streams that the client broke off (thousands: a rapid reset attack).
        vonggac_http2_client_resets: long = "vonggac.http2.client_resets",
        /// Streams that the server broke off.
        vonggac_http2_server_resets: long = "vonggac.http2.server_resets",
        /// Error named in the client's GOAWAY.
        vonggac_http2_client_error: keyword = "vonggac.http2.client_error",
        /// Error named in the server's GOAWAY.
        vonggac_http2_server_error: keyword = "vonggac.http2.server_error",
    }
}

dataset! {
    /// One WebSocket connection.
    Websocket WebsocketColumns websocket "websocket" {
        /// Kinds of frames seen, in order of their first: text, binary, continuation, ping, pong, close.
        vonggac_websocket_kinds: keyword_list = "vonggac.websocket.kinds",
        /// How many of each of vonggac.websocket.kinds.
        vonggac_websocket_counts: long_list = "vonggac.websocket.counts",
        /// Payload of the client's frames.
        vonggac_websocket_client_bytes: long = "vonggac.websocket.client_bytes",
        /// Payload of the server's frames.
        vonggac_websocket_server_bytes: long = "vonggac.websocket.server_bytes",
        /// Size of the client's first text or binary frame.
        vonggac_websocket_client_first_bytes: long = "vonggac.websocket.client_first_bytes",
        /// Size of the server's first text or binary frame.
        vonggac_websocket_server_first_bytes: long = "vonggac.websocket.server_first_bytes",
        /// Messages are compressed (permessage-deflate).
        vonggac_websocket_compressed: boolean = "vonggac.websocket.compressed",
        /// The client sent frames without a mask, which no browser does.
        vonggac_websocket_unmasked: boolean = "vonggac.websocket.unmasked",
        /// Status code of the first close frame.
        vonggac_websocket_close_code: long = "vonggac.websocket.close_code",
    }
}

datasets! {
    anomaly: AnomalyColumns "anomaly",
    stats: StatsColumns "stats",
    dns: DnsColumns "dns",
    file: FileColumns "file",
    flow: FlowColumns "flow",
    flow_update: FlowUpdateColumns "flow_update",
    icmp: IcmpColumns "icmp",
    tunnel: TunnelColumns "tunnel",
    http: HttpColumns "http",
    login: LoginColumns "login",
    kerberos: KerberosColumns "kerberos",
    ldap: LdapColumns "ldap",
    rdp: RdpColumns "rdp",
    dhcp: DhcpColumns "dhcp",
    arp: ArpColumns "arp",
    llmnr: LlmnrColumns "llmnr",
    ndp: NdpColumns "ndp",
    lldp: LldpColumns "lldp",
    stp: StpColumns "stp",
    igmp: IgmpColumns "igmp",
    vrrp: VrrpColumns "vrrp",
    ssdp: SsdpColumns "ssdp",
    smtp: SmtpColumns "smtp",
    pop3: Pop3Columns "pop3",
    imap: ImapColumns "imap",
    socks: SocksColumns "socks",
    mining: MiningColumns "mining",
    mqtt: MqttColumns "mqtt",
    sip: SipColumns "sip",
    sql: SqlColumns "sql",
    dht: DhtColumns "dht",
    nfs: NfsColumns "nfs",
    modbus: ModbusColumns "modbus",
    s7comm: S7commColumns "s7comm",
    dnp3: Dnp3Columns "dnp3",
    ntp: NtpColumns "ntp",
    syslog: SyslogColumns "syslog",
    irc: IrcColumns "irc",
    snmp: SnmpColumns "snmp",
    smb: SmbColumns "smb",
    ntlm: NtlmColumns "ntlm",
    dcerpc: DcerpcColumns "dcerpc",
    ftp: FtpColumns "ftp",
    ftp_data: FtpDataColumns "ftp_data",
    tftp: TftpColumns "tftp",
    ssh: SshColumns "ssh",
    telnet: TelnetColumns "telnet",
    rfb: RfbColumns "rfb",
    tls: TlsColumns "tls",
    x509: X509Columns "x509",
    quic: QuicColumns "quic",
    http2: Http2Columns "http2",
    websocket: WebsocketColumns "websocket",
}
