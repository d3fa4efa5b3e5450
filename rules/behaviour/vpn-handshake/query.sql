with opened as (
  select *, "vonggac.flow.sizes"[1] as first, -"vonggac.flow.sizes"[2] as second,
    case when "network.protocol" in ('openvpn', 'wireguard', 'tailscale', 'tinc', 'pptp') then "network.protocol"
         when "network.transport" = 'udp' and "vonggac.flow.sizes"[1] = 148 and "vonggac.flow.sizes"[2] = -92 then 'WireGuard'
         when "network.transport" = 'udp' and ("vonggac.flow.sizes"[1], "vonggac.flow.sizes"[2]) in ((14, -26), (42, -54), (54, -66), (86, -98)) then 'OpenVPN'
         when "network.transport" = 'tcp' and ("vonggac.flow.sizes"[1], "vonggac.flow.sizes"[2]) in ((16, -28), (44, -56), (56, -68), (88, -100)) then 'OpenVPN'
    end as kind
  from flow
  where coalesce("network.protocol", '') not in ('dns', 'ntp', 'stun', 'snmp', 'sip')
)
select "source.ip" as machine, "destination.ip" as peer, min("destination.port") as port, min(kind) as kind, min(first) as first, min(second) as second,
       evidence("event.id", "@timestamp") as events, min(kind) as headline
from opened
where kind is not null
  and "source.packets" + "destination.packets" >= 6
group by "source.ip", "destination.ip"
