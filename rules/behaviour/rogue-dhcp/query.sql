with offer as (
  select coalesce("vonggac.dhcp.server_ip", "source.ip") as server, "vonggac.dhcp.transaction_id" as xid, "vonggac.dhcp.client_mac" as client,
         coalesce("vonggac.dhcp.routers"::varchar, '') || coalesce("vonggac.dhcp.name_servers"::varchar, '') as terms, "event.id", "@timestamp"
  from dhcp where "vonggac.dhcp.message_type" in ('OFFER', 'ACK')
), total as (
  select server, count(*) as all_offers from offer group by server
), rival as (
  select mine.server as server, other.server as other, mine.xid as xid, mine."event.id" as id, mine."@timestamp" as moment
  from offer mine join offer other using (xid, client)
  where mine.server <> other.server
    and mine.terms <> other.terms
)
select rival.server as machine, min(rival.other) as peer, count(distinct xid) as offers, evidence(id, moment) as events, count(distinct xid) as headline
from rival join total mine on mine.server = rival.server join total theirs on theirs.server = rival.other
where mine.all_offers < theirs.all_offers                               -- the newcomer is the one who answers less
group by rival.server
