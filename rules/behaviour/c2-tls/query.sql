with shaken as (
  select *, coalesce("tls.client.server_name", '') as name,
         coalesce("tls.server.x509.subject.distinguished_name", '') as subject_name, coalesce("tls.server.x509.subject.common_name", '') as common,
         date_diff('day', "tls.server.x509.not_before", "tls.server.x509.not_after") as days
  from tls
  where goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and not in_popular("tls.client.server_name") and not in_update_service("tls.client.server_name")
    and not in_popular("tls.server.x509.subject.common_name") and not in_update_service("tls.server.x509.subject.common_name")
), pair as (
  select "source.ip", "destination.ip", "destination.port", max(name) as name, max(common) as subject, count(*) as connections,
         evidence("event.id", "@timestamp") as events,
         bool_or(coalesce("vonggac.tls.server.self_signed", false)) as self_signed,
         bool_and(name = '' or is_address(name)) as nameless,
         -- browsers offer HTTP/2 and TLS 1.3; what offers no application protocol was written by hand
         bool_and(coalesce(len("vonggac.tls.client.alpn"), 0) = 0) as no_browser,
         bool_or(regexp_matches(subject_name || ' ' || coalesce("tls.server.x509.issuer.distinguished_name", ''),
           '(?i)asyncrat|dcrat|venomrat|quasar|orcus|bitrat|cobalt ?strike|pupy|merlin|mythic|covenant|havoc|sliver|multiplayer|remcos|nanocore|xworm|warzone')) as tool_certificate,
         bool_or(regexp_matches(subject_name || ',' || coalesce("tls.server.x509.issuer.distinguished_name", ''),
           '(?i)=(asyncrat server|dcrat server|dcrat|venomrat server|venomrat|quasar server ca|orcus server|bitrat|anarchy panel|xworm server|major cobalt strike|cobalt ?strike)(,|$)')) as named_tool,
         bool_or(regexp_matches(subject_name, '(?i)(internet widgits|default (city|company)|some-state|example\.(com|org)|acme|my company|(CN|O)=(test|localhost|server|client|ca|a|x|none|unknown)(,|$))')
           or regexp_matches(common, '(?i)^(localhost|test|server|example.*|\*|default|root|ca|admin|user)$')) as careless,
         bool_or(coalesce(days > 3650 or days < 3, false)) as strange_validity,
         bool_or(length(chosen_label(regexp_replace(common, '^(www|mail|ns\d?|\*)\.', ''))) >= 8 and not is_address(common)
           and bigram_score(lower(chosen_label(regexp_replace(common, '^(www|mail|ns\d?|\*)\.', '')))) < -3.6) as unlikely_name,
         bool_or(in_dynamic_dns(name) or in_dynamic_dns("destination.domain")) as dynamic_name,
         -- programs that share files or messages among equals: every one of them has a certificate of its own
         bool_or(regexp_matches(subject_name, '(?i)gnutella|syncthing|libp2p|bittorrent|retroshare|jami|ring|i2p|freenet|kdeconnect|anydesk|teamviewer|rustdesk|webrtc')) as peer_program,
         bool_and("tls.client.subject" is not null) as mutual,             -- both ends know each other: enrolled devices and backups
         bool_or(coalesce("tls.established", true)) as established
  from shaken group by all
), judged as (
  select *, connections >= 3 as repeated,
         "destination.port" not in (443, 8443, 25, 465, 587, 993, 995, 636, 853, 989, 990, 3389, 5061, 5222, 5223, 5228, 5349, 8883, 9443) as odd_port
  from pair
), weighed as (
  select *, 1.4 * self_signed::integer + 0.9 * nameless::integer + 0.9 * odd_port::integer + 0.5 * no_browser::integer + 2.0 * tool_certificate::integer
    + 0.7 * careless::integer + 0.4 * strange_validity::integer + 0.6 * unlikely_name::integer + 1.2 * dynamic_name::integer + 0.4 * repeated::integer
    - 1.2 * (mutual and not tool_certificate)::integer as oddity
  from judged
), listed as (     -- every office has one server with a certificate of its own; who calls several unrelated ones works off a list
  select *, self_made as counted,
         count(distinct network_of("destination.ip")) filter (where oddity >= $oddity and self_made and not peer_program) over (partition by "source.ip") as networks,
         count(distinct subject) filter (where oddity >= $oddity and self_made and not peer_program) over (partition by "source.ip") as subjects,
         max(oddity) filter (where self_made) over (partition by "source.ip") as worst
  from (select *, self_signed and nameless and no_browser as self_made from weighed)
)
select "source.ip" as machine, "destination.ip" as peer, case when name <> '' and not nameless then name end as domain, "destination.port" as port,
       case when name = '' then '–' else name end as name, subject, connections, events, oddity as headline, oddity >= $strong as strong,
       self_signed, nameless, odd_port, no_browser, tool_certificate, named_tool, careless, strange_validity, unlikely_name, dynamic_name, repeated,
       counted and networks >= 2 and subjects >= 2 as several,
       named_tool or counted and subjects >= 2 and (networks >= 3 or networks >= 2 and worst >= $strong) as sure
from listed
where oddity >= $oddity
  and not peer_program
  and (self_signed or tool_certificate or odd_port or dynamic_name or unlikely_name)     -- an unusual client alone is an unusual client
