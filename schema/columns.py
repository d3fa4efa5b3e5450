"""Fields and datasets as words. Made by scripts/generate.py from schema/fields; do not edit."""

from __future__ import annotations

from typing import Final

FIELDS: Final = """
@timestamp:date event.id:keyword event.dataset:keyword observer.id:keyword network.community_id:keyword
vonggac.flow.id:keyword network.transport:keyword source.ip:ip source.port:port source.mac:keyword destination.ip:ip
destination.port:port destination.mac:keyword network.vlan.id:long network.direction:keyword vonggac.source.home:boolean
vonggac.destination.home:boolean vonggac.source.zone:keyword vonggac.destination.zone:keyword
vonggac.source.unit:keyword vonggac.destination.unit:keyword destination.domain:keyword
destination.registered_domain:keyword vonggac.flow.name_source:keyword vonggac.anomaly.name:keyword
vonggac.anomaly.count:long vonggac.stats.name:keyword vonggac.stats.value:long dns.id:long dns.type:keyword
dns.op_code:keyword dns.question.name:keyword vonggac.dns.question.sent:keyword dns.question.type:keyword
dns.question.class:keyword dns.question.registered_domain:keyword dns.question.subdomain:keyword
dns.response_code:keyword dns.header_flags:keyword[] dns.answers.name:keyword[] dns.answers.type:keyword[]
dns.answers.data:keyword[] dns.answers.ttl:long[] dns.resolved_ip:ip[] vonggac.dns.authority.name:keyword[]
vonggac.dns.authority.type:keyword[] vonggac.dns.authority.data:keyword[] vonggac.dns.authority.ttl:long[]
vonggac.dns.authority_count:long vonggac.dns.additional_count:long vonggac.dns.rtt:long vonggac.dns.query_bytes:long
vonggac.dns.response_bytes:long vonggac.dns.edns_size:long file.name:keyword file.extension:keyword file.size:long
file.mime_type:keyword file.hash.md5:keyword file.hash.sha1:keyword file.hash.sha256:keyword vonggac.file.kind:keyword
vonggac.file.direction:keyword vonggac.file.declared_type:keyword vonggac.file.parts:long vonggac.file.truncated:boolean
vonggac.file.missing_bytes:long vonggac.file.entropy:float vonggac.file.carrier:keyword file.pe.architecture:keyword
file.pe.imphash:keyword file.pe.original_file_name:keyword file.pe.sections.name:keyword[]
vonggac.file.pe.section_count:long vonggac.file.pe.compiled:date vonggac.file.pe.entry_entropy:float
vonggac.file.pe.signed:boolean vonggac.file.pe.dotnet:boolean vonggac.file.pe.library:boolean
vonggac.file.members:keyword[] vonggac.file.member_count:long vonggac.file.kinds_inside:keyword[]
vonggac.file.encrypted:boolean vonggac.file.members_hidden:boolean vonggac.file.macros:boolean
vonggac.file.external:keyword[] vonggac.file.command:keyword event.end:date event.duration:long network.protocol:keyword
source.bytes:long source.packets:long destination.bytes:long destination.packets:long vonggac.source.payload_bytes:long
vonggac.destination.payload_bytes:long vonggac.source.bad_checksums:long vonggac.destination.bad_checksums:long
vonggac.source.payload_head:keyword vonggac.destination.payload_head:keyword vonggac.source.retransmits:long
vonggac.destination.retransmits:long vonggac.source.missed_bytes:long vonggac.destination.missed_bytes:long
vonggac.source.ttl_first:long vonggac.source.ttl_min:long vonggac.destination.ttl_first:long
vonggac.destination.ttl_min:long vonggac.flow.state:keyword vonggac.flow.history:keyword vonggac.source.tcp_flags:long
vonggac.destination.tcp_flags:long vonggac.flow.end_reason:keyword vonggac.flow.midstream:boolean
vonggac.flow.vlans:long[] vonggac.flow.spi:long vonggac.flow.sizes:long[] vonggac.flow.gaps:long[]
vonggac.source.entropy:float vonggac.destination.entropy:float vonggac.source.printable:float
vonggac.destination.printable:float vonggac.icmp.type:long vonggac.icmp.code:long vonggac.icmp.requests:long
vonggac.icmp.replies:long vonggac.icmp.payload_max:long vonggac.icmp.payload_sizes:long vonggac.icmp.payload_kinds:long
vonggac.icmp.mismatches:long vonggac.icmp.entropy:float vonggac.icmp.inner_destination_ip:ip
vonggac.icmp.inner_destination_port:port vonggac.tunnel.kind:keyword vonggac.tunnel.id:long
vonggac.tunnel.outer_flow:keyword vonggac.tunnel.ids:long[] vonggac.tunnel.packets:long http.version:keyword
http.request.method:keyword http.request.referrer:keyword http.request.body.bytes:long http.request.mime_type:keyword
http.response.status_code:long http.response.body.bytes:long http.response.mime_type:keyword url.original:keyword
url.domain:keyword url.port:port url.path:keyword url.query:keyword url.extension:keyword user_agent.original:keyword
vonggac.http.request.header_names:keyword[] vonggac.http.response.header_names:keyword[]
vonggac.http.request.host:keyword vonggac.http.request.content_type:keyword vonggac.http.request.authorization:keyword
vonggac.http.request.secret_hash:keyword vonggac.http.request.markers:keyword[] vonggac.http.request.cookie_length:long
vonggac.http.request.transfer_encoding:keyword vonggac.http.request.body_entropy:float
vonggac.http.request.body_printable:float vonggac.http.request.form_fields:long
vonggac.http.request.form_password:boolean vonggac.http.response.reason:keyword
vonggac.http.response.content_type:keyword vonggac.http.response.content_encoding:keyword
vonggac.http.response.content_disposition:keyword vonggac.http.response.server:keyword
vonggac.http.response.location:keyword vonggac.http.response.body_entropy:float vonggac.http.proxied:boolean
vonggac.http.stream:long vonggac.http.ordinal:long network.application:keyword event.action:keyword user.name:keyword
user.domain:keyword event.outcome:keyword vonggac.login.method:keyword vonggac.login.secret:keyword
vonggac.login.encrypted:boolean vonggac.login.reason:keyword vonggac.login.host:keyword user.effective.name:keyword
user.effective.domain:keyword vonggac.kerberos.request_type:keyword vonggac.kerberos.reply_type:keyword
vonggac.kerberos.service.name:keyword vonggac.kerberos.service.realm:keyword vonggac.kerberos.reply.client:keyword
vonggac.kerberos.reply.realm:keyword vonggac.kerberos.encryption.offered:keyword[]
vonggac.kerberos.encryption.presented:keyword vonggac.kerberos.encryption.proof:keyword
vonggac.kerberos.encryption.ticket:keyword vonggac.kerberos.encryption.reply:keyword
vonggac.kerberos.encryption.ticket_weak:boolean vonggac.kerberos.encryption.reply_weak:boolean
vonggac.kerberos.preauth.types:keyword[] vonggac.kerberos.preauth.used:boolean vonggac.kerberos.options:keyword[]
vonggac.kerberos.till:date vonggac.kerberos.client_host:keyword vonggac.kerberos.delegation:keyword
vonggac.kerberos.error_code:keyword vonggac.kerberos.error_text:keyword vonggac.kerberos.status:keyword
vonggac.ldap.message_id:long vonggac.ldap.operation:keyword vonggac.ldap.version:long vonggac.ldap.name:keyword
vonggac.ldap.method:keyword vonggac.ldap.scope:keyword vonggac.ldap.dereference:keyword vonggac.ldap.size_limit:long
vonggac.ldap.time_limit:long vonggac.ldap.types_only:boolean vonggac.ldap.filter:keyword
vonggac.ldap.attributes:keyword[] vonggac.ldap.value:keyword vonggac.ldap.changes:keyword[]
vonggac.ldap.new_name:keyword vonggac.ldap.new_superior:keyword vonggac.ldap.delete_old_name:boolean
vonggac.ldap.extension:keyword vonggac.ldap.controls:keyword[] vonggac.ldap.entries:long vonggac.ldap.references:long
vonggac.ldap.entry.name:keyword vonggac.ldap.entry.attributes:keyword[] vonggac.ldap.result_code:keyword
vonggac.ldap.result_name:keyword vonggac.ldap.result_text:keyword vonggac.rdp.cookie:keyword
vonggac.rdp.routing_token:keyword vonggac.rdp.requested:keyword[] vonggac.rdp.selected:keyword
vonggac.rdp.failure:keyword vonggac.rdp.restricted_admin:boolean vonggac.rdp.client.name:keyword
vonggac.rdp.client.build:long vonggac.rdp.client.keyboard:keyword vonggac.rdp.client.version:keyword
vonggac.rdp.channels:keyword[] vonggac.dhcp.message_type:keyword vonggac.dhcp.transaction_id:long
vonggac.dhcp.client_mac:keyword vonggac.dhcp.client_ip:ip vonggac.dhcp.assigned_ip:ip vonggac.dhcp.requested_ip:ip
vonggac.dhcp.relay_ip:ip vonggac.dhcp.server_ip:ip vonggac.dhcp.routers:ip[] vonggac.dhcp.name_servers:ip[]
vonggac.dhcp.host_name:keyword vonggac.dhcp.domain_name:keyword vonggac.dhcp.vendor_class:keyword
vonggac.dhcp.parameters:long[] vonggac.dhcp.lease_seconds:long vonggac.dhcp.addresses:ip[]
vonggac.dhcp.prefixes:keyword[] vonggac.dhcp.client_duid:keyword vonggac.dhcp.server_duid:keyword
vonggac.dhcp.status:long vonggac.arp.operation:keyword vonggac.arp.sender_mac:keyword vonggac.arp.target_mac:keyword
vonggac.arp.gratuitous:boolean vonggac.llmnr.responder_ip:ip vonggac.llmnr.asked:boolean
vonggac.llmnr.more_questions:keyword[] vonggac.llmnr.role:keyword vonggac.llmnr.host_name:keyword
vonggac.llmnr.host_ip:ip vonggac.llmnr.host_mac:keyword vonggac.ssdp.target:keyword vonggac.ssdp.status:keyword
vonggac.ssdp.usn:keyword vonggac.ssdp.server:keyword vonggac.ssdp.location:keyword vonggac.ssdp.device_ip:ip
vonggac.ndp.type:keyword vonggac.ndp.target_ip:ip vonggac.ndp.link_address:keyword vonggac.ndp.flags:keyword[]
vonggac.ndp.router_lifetime:long vonggac.ndp.prefixes:keyword[] vonggac.ndp.name_servers:ip[] vonggac.ndp.mtu:long
vonggac.lldp.system_name:keyword vonggac.lldp.description:keyword vonggac.lldp.platform:keyword
vonggac.lldp.chassis_id:keyword vonggac.lldp.port_id:keyword vonggac.lldp.port_description:keyword
vonggac.lldp.capabilities:keyword[] vonggac.lldp.management_ip:ip[] vonggac.lldp.native_vlan:long
vonggac.lldp.lifetime:long vonggac.stp.type:keyword vonggac.stp.topology_change:boolean vonggac.stp.root_priority:long
vonggac.stp.root_mac:keyword vonggac.stp.root_cost:long vonggac.stp.bridge_priority:long vonggac.stp.bridge_mac:keyword
vonggac.stp.port:long vonggac.igmp.type:keyword vonggac.igmp.version:long vonggac.igmp.groups:ip[]
vonggac.vrrp.version:long vonggac.vrrp.type:keyword vonggac.vrrp.state:keyword vonggac.vrrp.group:long
vonggac.vrrp.priority:long vonggac.vrrp.addresses:ip[] vonggac.vrrp.secret:keyword vonggac.smtp.banner:keyword
vonggac.smtp.helo:keyword vonggac.smtp.mail_from:keyword vonggac.smtp.rcpt_to:keyword[] vonggac.smtp.recipients:long
vonggac.smtp.recipients_refused:long vonggac.smtp.ordinal:long vonggac.smtp.reply_code:long vonggac.smtp.reply:keyword
vonggac.smtp.starttls:boolean email.from.address:keyword[] email.to.address:keyword[] email.cc.address:keyword[]
email.reply_to.address:keyword[] email.subject:keyword email.message_id:keyword email.x_mailer:keyword
email.attachments.file.name:keyword[] vonggac.mail.from:keyword vonggac.mail.to:keyword[] vonggac.mail.cc:keyword[]
vonggac.mail.date:keyword vonggac.mail.received:long vonggac.mail.urls:keyword[] vonggac.mail.parts:long
vonggac.mail.bytes:long vonggac.mail.complete:boolean vonggac.pop3.command:keyword vonggac.pop3.arguments:keyword[]
vonggac.pop3.status:keyword vonggac.pop3.text:keyword vonggac.pop3.lines:keyword[] vonggac.imap.command:keyword
vonggac.imap.mailboxes:keyword[] vonggac.imap.commands:keyword[] vonggac.imap.requests:long vonggac.imap.refused:long
vonggac.imap.letters:long vonggac.imap.greeting:keyword vonggac.imap.starttls:boolean vonggac.mining.method:keyword
vonggac.mining.account:keyword vonggac.mining.agent:keyword vonggac.mining.algorithms:keyword[]
vonggac.mining.error:keyword vonggac.mining.messages:long vonggac.mqtt.messages:keyword[] vonggac.mqtt.flags:long[]
vonggac.mqtt.from_server:boolean vonggac.mqtt.version:keyword vonggac.mqtt.client_id:keyword
vonggac.mqtt.clean_session:boolean vonggac.mqtt.session_present:boolean vonggac.mqtt.will_topic:keyword
vonggac.mqtt.topics:keyword[] vonggac.mqtt.qos:long[] vonggac.mqtt.message_id:long vonggac.mqtt.reason_codes:long[]
vonggac.mqtt.payload_bytes:long vonggac.mqtt.properties:keyword[] vonggac.mqtt.count:long vonggac.sip.method:keyword
vonggac.sip.uri:keyword vonggac.sip.from:keyword vonggac.sip.to:keyword vonggac.sip.call_id:keyword
vonggac.sip.statuses:long[] vonggac.sip.reasons:keyword[] vonggac.sip.server:keyword vonggac.sip.from_server:boolean
vonggac.sip.media:keyword[] vonggac.sql.ordinal:long vonggac.sql.request:keyword vonggac.sql.database:keyword
vonggac.sql.application:keyword vonggac.sql.server_version:keyword vonggac.sql.query:keyword vonggac.sql.result:keyword
vonggac.sql.rows:long vonggac.sql.error_code:keyword vonggac.sql.error:keyword vonggac.dht.query:keyword
vonggac.dht.transaction_id:keyword vonggac.dht.client_version:keyword vonggac.dht.answer_version:keyword
vonggac.dht.node_id:keyword vonggac.dht.answer_id:keyword vonggac.dht.target:keyword vonggac.dht.info_hash:keyword
vonggac.dht.token:keyword vonggac.dht.port:port vonggac.dht.peers:keyword[] vonggac.dht.error_code:long
vonggac.dht.error:keyword vonggac.dht.from_server:boolean vonggac.nfs.version:long vonggac.nfs.procedure:keyword
vonggac.nfs.new_name:keyword vonggac.nfs.status:keyword vonggac.nfs.machine:keyword vonggac.nfs.uid:long
vonggac.nfs.from_server:boolean vonggac.nfs.count:long vonggac.modbus.function:keyword vonggac.modbus.unit:long
vonggac.modbus.address:long vonggac.modbus.quantity:long vonggac.modbus.exception:keyword vonggac.modbus.count:long
vonggac.s7comm.function:keyword vonggac.s7comm.error:keyword vonggac.s7comm.count:long vonggac.dnp3.function:keyword
vonggac.dnp3.function_code:long vonggac.dnp3.from_server:boolean vonggac.dnp3.source:long vonggac.dnp3.destination:long
vonggac.dnp3.control:long vonggac.dnp3.application_control:long vonggac.dnp3.indications:long
vonggac.dnp3.objects:keyword[] vonggac.dnp3.qualifiers:long[] vonggac.dnp3.starts:long[] vonggac.dnp3.stops:long[]
vonggac.dnp3.counts:long[] vonggac.dnp3.complete:boolean vonggac.socks.version:keyword vonggac.socks.command:keyword
vonggac.socks.method:keyword vonggac.socks.host:keyword vonggac.socks.port:port vonggac.socks.reply:keyword
vonggac.ntp.version:long vonggac.ntp.mode:keyword vonggac.ntp.stratum:long vonggac.ntp.reference:keyword
vonggac.ntp.requests:long vonggac.ntp.replies:long vonggac.ntp.control:keyword[] log.syslog.facility.name:keyword
log.syslog.severity.name:keyword log.syslog.hostname:keyword log.syslog.appname:keyword log.syslog.procid:keyword
message:keyword vonggac.irc.kind:keyword vonggac.irc.nick:keyword vonggac.irc.real_name:keyword
vonggac.irc.server:keyword vonggac.irc.channels:keyword[] vonggac.irc.joins:long vonggac.irc.topic:keyword
vonggac.irc.members:long vonggac.irc.sent:long vonggac.irc.received:long vonggac.irc.dcc:keyword[]
vonggac.snmp.version:keyword vonggac.snmp.request_type:keyword vonggac.snmp.response_type:keyword
vonggac.snmp.community:keyword vonggac.snmp.security:keyword vonggac.snmp.engine_id:keyword vonggac.snmp.oids:keyword[]
vonggac.snmp.variables:long vonggac.snmp.error:keyword vonggac.snmp.requests:long file.path:keyword file.created:date
file.accessed:date file.mtime:date file.ctime:date vonggac.smb.version:long vonggac.smb.dialect:keyword
vonggac.smb.dialects:keyword[] vonggac.smb.command:keyword vonggac.smb.function:keyword vonggac.smb.status:keyword
vonggac.smb.status_code:long vonggac.smb.ordinal:long vonggac.smb.message_id:long vonggac.smb.session_id:long
vonggac.smb.tree_id:long vonggac.smb.client.guid:keyword vonggac.smb.server.guid:keyword
vonggac.smb.client.signing:keyword vonggac.smb.server.signing:keyword vonggac.smb.cipher:keyword
vonggac.smb.encrypted:boolean vonggac.smb.auth:keyword vonggac.smb.guest:boolean vonggac.smb.client.host:keyword
vonggac.smb.client.version:keyword vonggac.smb.client.os:keyword vonggac.smb.client.lanman:keyword
vonggac.smb.server.os:keyword vonggac.smb.server.lanman:keyword vonggac.smb.kerberos.realm:keyword
vonggac.smb.kerberos.service:keyword[] vonggac.smb.share:keyword vonggac.smb.share_type:keyword
vonggac.smb.named_pipe:keyword vonggac.smb.file_id:keyword vonggac.smb.disposition:keyword vonggac.smb.access:keyword[]
vonggac.smb.options:keyword[] vonggac.smb.directory:boolean vonggac.smb.target:keyword vonggac.smb.pattern:keyword
vonggac.smb.bytes_read:long vonggac.smb.bytes_written:long vonggac.smb.reads:long vonggac.smb.writes:long
vonggac.ntlm.host:keyword vonggac.ntlm.response:keyword vonggac.ntlm.reason:keyword vonggac.ntlm.flags:long
vonggac.ntlm.session_key:boolean vonggac.ntlm.checked:boolean vonggac.ntlm.service:keyword
vonggac.ntlm.client.version:keyword vonggac.ntlm.server.version:keyword vonggac.ntlm.server.target:keyword
vonggac.ntlm.server.challenge:keyword vonggac.ntlm.server.computer:keyword vonggac.ntlm.server.domain:keyword
vonggac.ntlm.server.dns_computer:keyword vonggac.ntlm.server.dns_domain:keyword vonggac.ntlm.server.dns_forest:keyword
vonggac.ntlm.server.time:date vonggac.dcerpc.version:keyword vonggac.dcerpc.request:keyword
vonggac.dcerpc.response:keyword vonggac.dcerpc.call_id:long vonggac.dcerpc.activity:keyword
vonggac.dcerpc.interface.uuid:keyword vonggac.dcerpc.interface.name:keyword vonggac.dcerpc.interface.version:keyword
vonggac.dcerpc.operation.number:long vonggac.dcerpc.operation.name:keyword vonggac.dcerpc.offered.uuid:keyword[]
vonggac.dcerpc.offered.name:keyword[] vonggac.dcerpc.offered.version:keyword[] vonggac.dcerpc.offered.syntax:keyword[]
vonggac.dcerpc.offered.result:long[] vonggac.dcerpc.pipe:keyword vonggac.dcerpc.status:keyword
vonggac.dcerpc.result:keyword vonggac.dcerpc.request_bytes:long vonggac.dcerpc.request_fragments:long
vonggac.dcerpc.response_bytes:long vonggac.dcerpc.response_fragments:long vonggac.dcerpc.auth.type:keyword
vonggac.dcerpc.auth.level:keyword vonggac.dcerpc.target:keyword vonggac.dcerpc.command:keyword
vonggac.dcerpc.endpoints:keyword[] vonggac.dcerpc.zero_credential:boolean vonggac.dcerpc.count:long
vonggac.ftp.command:keyword vonggac.ftp.argument:keyword vonggac.ftp.argument_cut:boolean vonggac.ftp.reply.codes:long[]
vonggac.ftp.reply.texts:keyword[] vonggac.ftp.reply_cut:boolean vonggac.ftp.mode:keyword vonggac.ftp.data_ip:ip
vonggac.ftp.data_port:port vonggac.ftp.size:long vonggac.ftp.offset:long vonggac.ftp.completed:boolean
vonggac.tftp.operation:keyword vonggac.tftp.mode:keyword vonggac.tftp.options:keyword[] vonggac.tftp.block_size:long
vonggac.tftp.error:keyword ssh.client.hassh:keyword ssh.server.hassh:keyword vonggac.ssh.client.version:keyword
vonggac.ssh.client.software:keyword vonggac.ssh.client.algorithms:keyword vonggac.ssh.server.version:keyword
vonggac.ssh.server.software:keyword vonggac.ssh.server.algorithms:keyword vonggac.ssh.key_exchange:keyword
vonggac.ssh.cipher:keyword vonggac.ssh.host_key.type:keyword vonggac.ssh.host_key.sha256:keyword
vonggac.ssh.rejections:long vonggac.telnet.terminal:keyword vonggac.telnet.options:keyword[]
vonggac.telnet.greeting:keyword vonggac.telnet.attempts:long vonggac.telnet.shell:boolean vonggac.telnet.lines:long
vonggac.rfb.server_version:keyword vonggac.rfb.client_version:keyword vonggac.rfb.security_types:long[]
vonggac.rfb.security_type:long vonggac.rfb.security_subtype:long vonggac.rfb.reason:keyword vonggac.rfb.shared:boolean
vonggac.rfb.width:long vonggac.rfb.height:long vonggac.rfb.desktop:keyword tls.version:keyword tls.cipher:keyword
tls.curve:keyword tls.established:boolean tls.resumed:boolean tls.next_protocol:keyword tls.client.server_name:keyword
tls.client.ja3:keyword vonggac.tls.client.ja3_string:keyword tls.client.ja4:keyword
tls.client.supported_ciphers:keyword[] vonggac.tls.client.alpn:keyword[] vonggac.tls.client.version:keyword
vonggac.tls.client.ech:boolean tls.client.subject:keyword tls.client.issuer:keyword tls.client.hash.sha1:keyword
tls.server.ja3s:keyword vonggac.tls.server.ja3s_string:keyword tls.server.hash.sha1:keyword
tls.server.hash.sha256:keyword tls.server.x509.subject.common_name:keyword
tls.server.x509.subject.distinguished_name:keyword tls.server.x509.issuer.common_name:keyword
tls.server.x509.issuer.distinguished_name:keyword tls.server.x509.serial_number:keyword
tls.server.x509.alternative_names:keyword[] tls.server.x509.not_before:date tls.server.x509.not_after:date
tls.server.x509.public_key_algorithm:keyword tls.server.x509.public_key_size:long
tls.server.x509.signature_algorithm:keyword vonggac.tls.server.chain_length:long vonggac.tls.server.self_signed:boolean
vonggac.tls.last_alert:keyword x509.subject.common_name:keyword x509.subject.distinguished_name:keyword
x509.issuer.common_name:keyword x509.issuer.distinguished_name:keyword x509.serial_number:keyword
x509.alternative_names:keyword[] x509.not_before:date x509.not_after:date x509.public_key_algorithm:keyword
x509.public_key_size:long x509.signature_algorithm:keyword x509.version_number:keyword vonggac.x509.position:long
vonggac.x509.client:boolean vonggac.x509.self_signed:boolean vonggac.quic.version:keyword
vonggac.quic.server_versions:keyword[] vonggac.quic.retry:boolean vonggac.quic.early_data:boolean
vonggac.quic.established:boolean vonggac.quic.source_id_length:long vonggac.quic.destination_id_length:long
vonggac.quic.close_code:long vonggac.http2.client_settings:keyword[] vonggac.http2.server_settings:keyword[]
vonggac.http2.streams:long vonggac.http2.client_resets:long vonggac.http2.server_resets:long
vonggac.http2.client_error:keyword vonggac.http2.server_error:keyword vonggac.websocket.kinds:keyword[]
vonggac.websocket.counts:long[] vonggac.websocket.client_bytes:long vonggac.websocket.server_bytes:long
vonggac.websocket.client_first_bytes:long vonggac.websocket.server_first_bytes:long vonggac.websocket.compressed:boolean
vonggac.websocket.unmasked:boolean vonggac.websocket.close_code:long
"""
"""field:type."""

COMMON: Final = """
@timestamp event.id event.dataset observer.id network.community_id vonggac.flow.id network.transport source.ip
source.port source.mac destination.ip destination.port destination.mac network.vlan.id network.direction
vonggac.source.home vonggac.destination.home vonggac.source.zone vonggac.destination.zone vonggac.source.unit
vonggac.destination.unit
"""
"""fields of every dataset."""

ADDED: Final = """
network.direction vonggac.source.home vonggac.destination.home vonggac.source.zone vonggac.destination.zone
vonggac.source.unit vonggac.destination.unit destination.domain destination.registered_domain vonggac.flow.name_source
dns.question.registered_domain dns.question.subdomain
"""
"""fields that enrichment adds."""

OWN: Final[dict[str, str]] = {
    "anomaly": """
vonggac.anomaly.name vonggac.anomaly.count network.protocol
""",
    "stats": """
vonggac.stats.name vonggac.stats.value
""",
    "dns": """
dns.id dns.type dns.op_code dns.question.name vonggac.dns.question.sent dns.question.type dns.question.class
dns.question.registered_domain dns.question.subdomain dns.response_code dns.header_flags dns.answers.name
dns.answers.type dns.answers.data dns.answers.ttl dns.resolved_ip vonggac.dns.authority.name vonggac.dns.authority.type
vonggac.dns.authority.data vonggac.dns.authority.ttl vonggac.dns.authority_count vonggac.dns.additional_count
vonggac.dns.rtt vonggac.dns.query_bytes vonggac.dns.response_bytes vonggac.dns.edns_size network.protocol
""",
    "file": """
destination.domain destination.registered_domain file.name file.extension file.size file.mime_type file.hash.md5
file.hash.sha1 file.hash.sha256 vonggac.file.kind vonggac.file.direction vonggac.file.declared_type vonggac.file.parts
vonggac.file.truncated vonggac.file.missing_bytes vonggac.file.entropy vonggac.file.carrier file.pe.architecture
file.pe.imphash file.pe.original_file_name file.pe.sections.name vonggac.file.pe.section_count vonggac.file.pe.compiled
vonggac.file.pe.entry_entropy vonggac.file.pe.signed vonggac.file.pe.dotnet vonggac.file.pe.library vonggac.file.members
vonggac.file.member_count vonggac.file.kinds_inside vonggac.file.encrypted vonggac.file.members_hidden
vonggac.file.macros vonggac.file.external vonggac.file.command network.protocol http.request.method url.original
url.domain url.port url.path url.query url.extension user_agent.original vonggac.smtp.helo vonggac.smtp.mail_from
vonggac.smtp.rcpt_to email.from.address email.subject vonggac.mail.from vonggac.mail.to vonggac.ftp.command
""",
    "flow": """
destination.domain destination.registered_domain vonggac.flow.name_source event.end event.duration network.protocol
source.bytes source.packets destination.bytes destination.packets vonggac.source.payload_bytes
vonggac.destination.payload_bytes vonggac.source.bad_checksums vonggac.destination.bad_checksums
vonggac.source.payload_head vonggac.destination.payload_head vonggac.source.retransmits vonggac.destination.retransmits
vonggac.source.missed_bytes vonggac.destination.missed_bytes vonggac.source.ttl_first vonggac.source.ttl_min
vonggac.destination.ttl_first vonggac.destination.ttl_min vonggac.flow.state vonggac.flow.history
vonggac.source.tcp_flags vonggac.destination.tcp_flags vonggac.flow.end_reason vonggac.flow.midstream vonggac.flow.vlans
vonggac.flow.spi vonggac.flow.sizes vonggac.flow.gaps vonggac.source.entropy vonggac.destination.entropy
vonggac.source.printable vonggac.destination.printable vonggac.tunnel.kind vonggac.tunnel.id vonggac.tunnel.outer_flow
""",
    "flow_update": """
destination.domain destination.registered_domain vonggac.flow.name_source event.end event.duration network.protocol
source.bytes source.packets destination.bytes destination.packets vonggac.source.payload_bytes
vonggac.destination.payload_bytes vonggac.source.bad_checksums vonggac.destination.bad_checksums
vonggac.source.retransmits vonggac.destination.retransmits vonggac.source.missed_bytes vonggac.destination.missed_bytes
vonggac.source.ttl_first vonggac.source.ttl_min vonggac.destination.ttl_first vonggac.destination.ttl_min
vonggac.flow.state vonggac.flow.history vonggac.source.tcp_flags vonggac.destination.tcp_flags vonggac.flow.midstream
vonggac.tunnel.kind vonggac.tunnel.id vonggac.tunnel.outer_flow
""",
    "icmp": """
event.duration vonggac.source.payload_bytes vonggac.destination.payload_bytes vonggac.icmp.type vonggac.icmp.code
vonggac.icmp.requests vonggac.icmp.replies vonggac.icmp.payload_max vonggac.icmp.payload_sizes
vonggac.icmp.payload_kinds vonggac.icmp.mismatches vonggac.icmp.entropy vonggac.icmp.inner_destination_ip
vonggac.icmp.inner_destination_port
""",
    "tunnel": """
event.duration network.protocol vonggac.tunnel.kind vonggac.tunnel.outer_flow vonggac.tunnel.ids vonggac.tunnel.packets
""",
    "http": """
destination.domain destination.registered_domain event.duration http.version http.request.method http.request.referrer
http.request.body.bytes http.request.mime_type http.response.status_code http.response.body.bytes
http.response.mime_type url.original url.domain url.port url.path url.query url.extension user_agent.original
vonggac.http.request.header_names vonggac.http.response.header_names vonggac.http.request.host
vonggac.http.request.content_type vonggac.http.request.authorization vonggac.http.request.secret_hash
vonggac.http.request.markers vonggac.http.request.cookie_length vonggac.http.request.transfer_encoding
vonggac.http.request.body_entropy vonggac.http.request.body_printable vonggac.http.request.form_fields
vonggac.http.request.form_password vonggac.http.response.reason vonggac.http.response.content_type
vonggac.http.response.content_encoding vonggac.http.response.content_disposition vonggac.http.response.server
vonggac.http.response.location vonggac.http.response.body_entropy vonggac.http.proxied vonggac.http.stream
vonggac.http.ordinal network.application
""",
    "login": """
network.protocol user.name user.domain event.outcome vonggac.login.method vonggac.login.secret vonggac.login.encrypted
vonggac.login.reason vonggac.login.host
""",
    "kerberos": """
event.duration user.name user.domain event.outcome user.effective.name user.effective.domain
vonggac.kerberos.request_type vonggac.kerberos.reply_type vonggac.kerberos.service.name vonggac.kerberos.service.realm
vonggac.kerberos.reply.client vonggac.kerberos.reply.realm vonggac.kerberos.encryption.offered
vonggac.kerberos.encryption.presented vonggac.kerberos.encryption.proof vonggac.kerberos.encryption.ticket
vonggac.kerberos.encryption.reply vonggac.kerberos.encryption.ticket_weak vonggac.kerberos.encryption.reply_weak
vonggac.kerberos.preauth.types vonggac.kerberos.preauth.used vonggac.kerberos.options vonggac.kerberos.till
vonggac.kerberos.client_host vonggac.kerberos.delegation vonggac.kerberos.error_code vonggac.kerberos.error_text
vonggac.kerberos.status
""",
    "ldap": """
event.duration user.name user.domain event.outcome vonggac.ldap.message_id vonggac.ldap.operation vonggac.ldap.version
vonggac.ldap.name vonggac.ldap.method vonggac.ldap.scope vonggac.ldap.dereference vonggac.ldap.size_limit
vonggac.ldap.time_limit vonggac.ldap.types_only vonggac.ldap.filter vonggac.ldap.attributes vonggac.ldap.value
vonggac.ldap.changes vonggac.ldap.new_name vonggac.ldap.new_superior vonggac.ldap.delete_old_name vonggac.ldap.extension
vonggac.ldap.controls vonggac.ldap.entries vonggac.ldap.references vonggac.ldap.entry.name vonggac.ldap.entry.attributes
vonggac.ldap.result_code vonggac.ldap.result_name vonggac.ldap.result_text
""",
    "rdp": """
user.name event.outcome vonggac.rdp.cookie vonggac.rdp.routing_token vonggac.rdp.requested vonggac.rdp.selected
vonggac.rdp.failure vonggac.rdp.restricted_admin vonggac.rdp.client.name vonggac.rdp.client.build
vonggac.rdp.client.keyboard vonggac.rdp.client.version vonggac.rdp.channels
""",
    "dhcp": """
network.protocol vonggac.dhcp.message_type vonggac.dhcp.transaction_id vonggac.dhcp.client_mac vonggac.dhcp.client_ip
vonggac.dhcp.assigned_ip vonggac.dhcp.requested_ip vonggac.dhcp.relay_ip vonggac.dhcp.server_ip vonggac.dhcp.routers
vonggac.dhcp.name_servers vonggac.dhcp.host_name vonggac.dhcp.domain_name vonggac.dhcp.vendor_class
vonggac.dhcp.parameters vonggac.dhcp.lease_seconds vonggac.dhcp.addresses vonggac.dhcp.prefixes vonggac.dhcp.client_duid
vonggac.dhcp.server_duid vonggac.dhcp.status
""",
    "arp": """
vonggac.arp.operation vonggac.arp.sender_mac vonggac.arp.target_mac vonggac.arp.gratuitous
""",
    "llmnr": """
dns.id dns.type dns.op_code dns.question.name dns.question.type dns.response_code dns.header_flags dns.answers.name
dns.answers.type dns.answers.data dns.answers.ttl dns.resolved_ip vonggac.dns.rtt network.protocol
vonggac.llmnr.responder_ip vonggac.llmnr.asked vonggac.llmnr.more_questions vonggac.llmnr.role vonggac.llmnr.host_name
vonggac.llmnr.host_ip vonggac.llmnr.host_mac
""",
    "ndp": """
vonggac.ndp.type vonggac.ndp.target_ip vonggac.ndp.link_address vonggac.ndp.flags vonggac.ndp.router_lifetime
vonggac.ndp.prefixes vonggac.ndp.name_servers vonggac.ndp.mtu
""",
    "lldp": """
network.protocol vonggac.lldp.system_name vonggac.lldp.description vonggac.lldp.platform vonggac.lldp.chassis_id
vonggac.lldp.port_id vonggac.lldp.port_description vonggac.lldp.capabilities vonggac.lldp.management_ip
vonggac.lldp.native_vlan vonggac.lldp.lifetime
""",
    "stp": """
network.protocol vonggac.stp.type vonggac.stp.topology_change vonggac.stp.root_priority vonggac.stp.root_mac
vonggac.stp.root_cost vonggac.stp.bridge_priority vonggac.stp.bridge_mac vonggac.stp.port
""",
    "igmp": """
network.protocol vonggac.igmp.type vonggac.igmp.version vonggac.igmp.groups
""",
    "vrrp": """
network.protocol vonggac.vrrp.version vonggac.vrrp.type vonggac.vrrp.state vonggac.vrrp.group vonggac.vrrp.priority
vonggac.vrrp.addresses vonggac.vrrp.secret
""",
    "ssdp": """
user_agent.original event.action vonggac.ssdp.target vonggac.ssdp.status vonggac.ssdp.usn vonggac.ssdp.server
vonggac.ssdp.location vonggac.ssdp.device_ip
""",
    "smtp": """
user.name event.outcome vonggac.smtp.banner vonggac.smtp.helo vonggac.smtp.mail_from vonggac.smtp.rcpt_to
vonggac.smtp.recipients vonggac.smtp.recipients_refused vonggac.smtp.ordinal vonggac.smtp.reply_code vonggac.smtp.reply
vonggac.smtp.starttls email.from.address email.to.address email.cc.address email.reply_to.address email.subject
email.message_id email.x_mailer email.attachments.file.name vonggac.mail.from vonggac.mail.to vonggac.mail.cc
vonggac.mail.date vonggac.mail.received vonggac.mail.urls vonggac.mail.parts vonggac.mail.bytes vonggac.mail.complete
""",
    "pop3": """
user.name event.outcome email.from.address email.to.address email.cc.address email.reply_to.address email.subject
email.message_id email.x_mailer email.attachments.file.name vonggac.mail.from vonggac.mail.to vonggac.mail.cc
vonggac.mail.date vonggac.mail.received vonggac.mail.urls vonggac.mail.parts vonggac.mail.bytes vonggac.mail.complete
vonggac.pop3.command vonggac.pop3.arguments vonggac.pop3.status vonggac.pop3.text vonggac.pop3.lines
""",
    "imap": """
user.name email.from.address email.to.address email.cc.address email.reply_to.address email.subject email.message_id
email.x_mailer email.attachments.file.name vonggac.mail.from vonggac.mail.to vonggac.mail.cc vonggac.mail.date
vonggac.mail.received vonggac.mail.urls vonggac.mail.parts vonggac.mail.bytes vonggac.mail.complete vonggac.imap.command
vonggac.imap.mailboxes vonggac.imap.commands vonggac.imap.requests vonggac.imap.refused vonggac.imap.letters
vonggac.imap.greeting vonggac.imap.starttls
""",
    "socks": """
user.name event.outcome vonggac.socks.version vonggac.socks.command vonggac.socks.method vonggac.socks.host
vonggac.socks.port vonggac.socks.reply
""",
    "mining": """
event.outcome vonggac.mining.method vonggac.mining.account vonggac.mining.agent vonggac.mining.algorithms
vonggac.mining.error vonggac.mining.messages
""",
    "mqtt": """
user.name vonggac.mqtt.messages vonggac.mqtt.flags vonggac.mqtt.from_server vonggac.mqtt.version vonggac.mqtt.client_id
vonggac.mqtt.clean_session vonggac.mqtt.session_present vonggac.mqtt.will_topic vonggac.mqtt.topics vonggac.mqtt.qos
vonggac.mqtt.message_id vonggac.mqtt.reason_codes vonggac.mqtt.payload_bytes vonggac.mqtt.properties vonggac.mqtt.count
""",
    "sip": """
user_agent.original user.name vonggac.sip.method vonggac.sip.uri vonggac.sip.from vonggac.sip.to vonggac.sip.call_id
vonggac.sip.statuses vonggac.sip.reasons vonggac.sip.server vonggac.sip.from_server vonggac.sip.media
""",
    "sql": """
network.protocol user.name event.outcome vonggac.sql.ordinal vonggac.sql.request vonggac.sql.database
vonggac.sql.application vonggac.sql.server_version vonggac.sql.query vonggac.sql.result vonggac.sql.rows
vonggac.sql.error_code vonggac.sql.error
""",
    "dht": """
vonggac.dht.query vonggac.dht.transaction_id vonggac.dht.client_version vonggac.dht.answer_version vonggac.dht.node_id
vonggac.dht.answer_id vonggac.dht.target vonggac.dht.info_hash vonggac.dht.token vonggac.dht.port vonggac.dht.peers
vonggac.dht.error_code vonggac.dht.error vonggac.dht.from_server
""",
    "nfs": """
file.name vonggac.nfs.version vonggac.nfs.procedure vonggac.nfs.new_name vonggac.nfs.status vonggac.nfs.machine
vonggac.nfs.uid vonggac.nfs.from_server vonggac.nfs.count
""",
    "modbus": """
vonggac.modbus.function vonggac.modbus.unit vonggac.modbus.address vonggac.modbus.quantity vonggac.modbus.exception
vonggac.modbus.count
""",
    "s7comm": """
vonggac.s7comm.function vonggac.s7comm.error vonggac.s7comm.count
""",
    "dnp3": """
vonggac.dnp3.function vonggac.dnp3.function_code vonggac.dnp3.from_server vonggac.dnp3.source vonggac.dnp3.destination
vonggac.dnp3.control vonggac.dnp3.application_control vonggac.dnp3.indications vonggac.dnp3.objects
vonggac.dnp3.qualifiers vonggac.dnp3.starts vonggac.dnp3.stops vonggac.dnp3.counts vonggac.dnp3.complete
""",
    "ntp": """
vonggac.ntp.version vonggac.ntp.mode vonggac.ntp.stratum vonggac.ntp.reference vonggac.ntp.requests vonggac.ntp.replies
vonggac.ntp.control
""",
    "syslog": """
log.syslog.facility.name log.syslog.severity.name log.syslog.hostname log.syslog.appname log.syslog.procid message
""",
    "irc": """
user.name event.outcome vonggac.irc.kind vonggac.irc.nick vonggac.irc.real_name vonggac.irc.server vonggac.irc.channels
vonggac.irc.joins vonggac.irc.topic vonggac.irc.members vonggac.irc.sent vonggac.irc.received vonggac.irc.dcc
""",
    "snmp": """
event.duration user.name event.outcome vonggac.snmp.version vonggac.snmp.request_type vonggac.snmp.response_type
vonggac.snmp.community vonggac.snmp.security vonggac.snmp.engine_id vonggac.snmp.oids vonggac.snmp.variables
vonggac.snmp.error vonggac.snmp.requests
""",
    "smb": """
file.size user.name user.domain event.outcome file.path file.created file.accessed file.mtime file.ctime
vonggac.smb.version vonggac.smb.dialect vonggac.smb.dialects vonggac.smb.command vonggac.smb.function vonggac.smb.status
vonggac.smb.status_code vonggac.smb.ordinal vonggac.smb.message_id vonggac.smb.session_id vonggac.smb.tree_id
vonggac.smb.client.guid vonggac.smb.server.guid vonggac.smb.client.signing vonggac.smb.server.signing vonggac.smb.cipher
vonggac.smb.encrypted vonggac.smb.auth vonggac.smb.guest vonggac.smb.client.host vonggac.smb.client.version
vonggac.smb.client.os vonggac.smb.client.lanman vonggac.smb.server.os vonggac.smb.server.lanman
vonggac.smb.kerberos.realm vonggac.smb.kerberos.service vonggac.smb.share vonggac.smb.share_type vonggac.smb.named_pipe
vonggac.smb.file_id vonggac.smb.disposition vonggac.smb.access vonggac.smb.options vonggac.smb.directory
vonggac.smb.target vonggac.smb.pattern vonggac.smb.bytes_read vonggac.smb.bytes_written vonggac.smb.reads
vonggac.smb.writes
""",
    "ntlm": """
network.protocol user.name user.domain event.outcome vonggac.ntlm.host vonggac.ntlm.response vonggac.ntlm.reason
vonggac.ntlm.flags vonggac.ntlm.session_key vonggac.ntlm.checked vonggac.ntlm.service vonggac.ntlm.client.version
vonggac.ntlm.server.version vonggac.ntlm.server.target vonggac.ntlm.server.challenge vonggac.ntlm.server.computer
vonggac.ntlm.server.domain vonggac.ntlm.server.dns_computer vonggac.ntlm.server.dns_domain
vonggac.ntlm.server.dns_forest vonggac.ntlm.server.time
""",
    "dcerpc": """
event.outcome vonggac.dcerpc.version vonggac.dcerpc.request vonggac.dcerpc.response vonggac.dcerpc.call_id
vonggac.dcerpc.activity vonggac.dcerpc.interface.uuid vonggac.dcerpc.interface.name vonggac.dcerpc.interface.version
vonggac.dcerpc.operation.number vonggac.dcerpc.operation.name vonggac.dcerpc.offered.uuid vonggac.dcerpc.offered.name
vonggac.dcerpc.offered.version vonggac.dcerpc.offered.syntax vonggac.dcerpc.offered.result vonggac.dcerpc.pipe
vonggac.dcerpc.status vonggac.dcerpc.result vonggac.dcerpc.request_bytes vonggac.dcerpc.request_fragments
vonggac.dcerpc.response_bytes vonggac.dcerpc.response_fragments vonggac.dcerpc.auth.type vonggac.dcerpc.auth.level
vonggac.dcerpc.target vonggac.dcerpc.command vonggac.dcerpc.endpoints vonggac.dcerpc.zero_credential
vonggac.dcerpc.count
""",
    "ftp": """
file.name vonggac.file.direction user.name event.outcome vonggac.ftp.command vonggac.ftp.argument
vonggac.ftp.argument_cut vonggac.ftp.reply.codes vonggac.ftp.reply.texts vonggac.ftp.reply_cut vonggac.ftp.mode
vonggac.ftp.data_ip vonggac.ftp.data_port vonggac.ftp.size vonggac.ftp.offset vonggac.ftp.completed
""",
    "ftp_data": """
file.name file.size vonggac.file.direction vonggac.file.carrier user.name vonggac.ftp.command vonggac.ftp.mode
""",
    "tftp": """
file.name file.size vonggac.file.direction event.outcome vonggac.tftp.operation vonggac.tftp.mode vonggac.tftp.options
vonggac.tftp.block_size vonggac.tftp.error
""",
    "ssh": """
event.outcome ssh.client.hassh ssh.server.hassh vonggac.ssh.client.version vonggac.ssh.client.software
vonggac.ssh.client.algorithms vonggac.ssh.server.version vonggac.ssh.server.software vonggac.ssh.server.algorithms
vonggac.ssh.key_exchange vonggac.ssh.cipher vonggac.ssh.host_key.type vonggac.ssh.host_key.sha256 vonggac.ssh.rejections
""",
    "telnet": """
user.name event.outcome vonggac.telnet.terminal vonggac.telnet.options vonggac.telnet.greeting vonggac.telnet.attempts
vonggac.telnet.shell vonggac.telnet.lines
""",
    "rfb": """
event.outcome vonggac.rfb.server_version vonggac.rfb.client_version vonggac.rfb.security_types vonggac.rfb.security_type
vonggac.rfb.security_subtype vonggac.rfb.reason vonggac.rfb.shared vonggac.rfb.width vonggac.rfb.height
vonggac.rfb.desktop
""",
    "tls": """
destination.domain destination.registered_domain network.protocol tls.version tls.cipher tls.curve tls.established
tls.resumed tls.next_protocol tls.client.server_name tls.client.ja3 vonggac.tls.client.ja3_string tls.client.ja4
tls.client.supported_ciphers vonggac.tls.client.alpn vonggac.tls.client.version vonggac.tls.client.ech
tls.client.subject tls.client.issuer tls.client.hash.sha1 tls.server.ja3s vonggac.tls.server.ja3s_string
tls.server.hash.sha1 tls.server.hash.sha256 tls.server.x509.subject.common_name
tls.server.x509.subject.distinguished_name tls.server.x509.issuer.common_name tls.server.x509.issuer.distinguished_name
tls.server.x509.serial_number tls.server.x509.alternative_names tls.server.x509.not_before tls.server.x509.not_after
tls.server.x509.public_key_algorithm tls.server.x509.public_key_size tls.server.x509.signature_algorithm
vonggac.tls.server.chain_length vonggac.tls.server.self_signed vonggac.tls.last_alert vonggac.quic.version
""",
    "x509": """
file.hash.sha256 x509.subject.common_name x509.subject.distinguished_name x509.issuer.common_name
x509.issuer.distinguished_name x509.serial_number x509.alternative_names x509.not_before x509.not_after
x509.public_key_algorithm x509.public_key_size x509.signature_algorithm x509.version_number vonggac.x509.position
vonggac.x509.client vonggac.x509.self_signed
""",
    "quic": """
network.protocol user_agent.original tls.client.server_name vonggac.quic.version vonggac.quic.server_versions
vonggac.quic.retry vonggac.quic.early_data vonggac.quic.established vonggac.quic.source_id_length
vonggac.quic.destination_id_length vonggac.quic.close_code
""",
    "http2": """
vonggac.http2.client_settings vonggac.http2.server_settings vonggac.http2.streams vonggac.http2.client_resets
vonggac.http2.server_resets vonggac.http2.client_error vonggac.http2.server_error
""",
    "websocket": """
vonggac.websocket.kinds vonggac.websocket.counts vonggac.websocket.client_bytes vonggac.websocket.server_bytes
vonggac.websocket.client_first_bytes vonggac.websocket.server_first_bytes vonggac.websocket.compressed
vonggac.websocket.unmasked vonggac.websocket.close_code
""",
}
