with session as (
  select *, "source.ip" as client, "destination.ip" as server from rdp
  where "event.outcome" = 'success' and "source.ip" <> "destination.ip" and "vonggac.source.home" and is_private("destination.ip")
    and ("vonggac.rdp.selected" is not null or "vonggac.rdp.client.name" is not null)
), guest as (
  select server, count(distinct client) as guests, min("@timestamp") as since, list_distinct(list(client)) as clients from session group by server
), machine as (
  select session.client as machine, count(distinct session.server) as targets, several(list(session.server)) as peers,
         case when count(distinct session.server) = 1 then min(session.server) end as peer, count(*) as sessions,
         (epoch(max("@timestamp")) - epoch(min("@timestamp"))) / 60 as minutes, list({'at': epoch_us("@timestamp"), 'id': "event.id"}) as events,
         count(distinct session.server) >= $machines as fanned,
         -- Steered by another than those it goes to, and before
         coalesce(bool_or(guests between 1 and $guests and since < "@timestamp" and not list_contains(clients, session.server)), false) as chained,
         coalesce(bool_or("vonggac.rdp.restricted_admin"), false) as hash_login,
         bool_or("destination.port" <> 3389) as odd_port, count(*) as headline
  from session left join guest on guest.server = session.client group by session.client
)
select * from machine
where fanned or chained or hash_login
