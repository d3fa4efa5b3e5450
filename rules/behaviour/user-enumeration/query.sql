with unknown as (
  select "source.ip", "destination.ip", count(distinct lower("user.name")) as names, several(list(lower("user.name"))) as examples,
         evidence("event.id", "@timestamp") as events
  from kerberos
  where "vonggac.kerberos.error_code" = 'KDC_ERR_C_PRINCIPAL_UNKNOWN' and "user.name" not like '%$'
  group by all
), lookup as (                      -- numbers of accounts are turned into names, one after the other
  select "source.ip", "destination.ip", "event.id", "@timestamp", coalesce("vonggac.dcerpc.request_bytes", 0) as bytes,
         sum(coalesce("vonggac.dcerpc.count", 1)) over (partition by "source.ip", "destination.ip" order by epoch("@timestamp")
           range between 300 preceding and current row) as dense
  from dcerpc
  where "vonggac.dcerpc.interface.name" = 'lsarpc' and "vonggac.dcerpc.operation.number" in (15, 57)
), found as (
  select *, 0 as lookups, 0 as largest from unknown
  union all
  select "source.ip", "destination.ip", 0, '', evidence("event.id", "@timestamp"), max(dense)::bigint, max(bytes) from lookup group by all
)
select "source.ip" as machine, "destination.ip" as peer, names, lookups, largest, examples, events, names + lookups as headline,
       names >= 20 or lookups >= 100 or largest >= 10000 as many, names > 0 as by_name, lookups > 0 as by_number
from found
where names >= $names or lookups >= $lookups or largest >= $bytes
