with call as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", coalesce("vonggac.dcerpc.count", 1) as calls,
         "vonggac.dcerpc.operation.number" as number, coalesce("vonggac.dcerpc.zero_credential", false) as zero,
         coalesce("vonggac.dcerpc.result", '') = '0x00000000' as good
  from dcerpc
  where "vonggac.dcerpc.interface.name" = 'netlogon' and "vonggac.dcerpc.request" = 'request'
    and "vonggac.dcerpc.operation.number" in (4, 5, 6, 15, 26, 30)
), pair as (
  select "source.ip", "destination.ip", coalesce(sum(calls) filter (number in (5, 15, 26)), 0) as tries,
         coalesce(sum(calls) filter (number in (5, 15, 26) and not good), 0) as refused,
         count(*) filter (number in (4, 5, 15, 26) and zero) as zeros,
         coalesce(bool_or(number in (5, 15, 26) and zero and good), false) as succeeded,
         coalesce(bool_or(number in (6, 30)), false) as password_set,
         epoch(max("@timestamp")) - epoch(min("@timestamp")) as seconds, evidence("event.id", "@timestamp") as events
  from call group by all
)
select "source.ip" as machine, "destination.ip" as peer, tries, zeros, seconds, succeeded, password_set and succeeded as taken_over,
       zeros >= $zeros as proved, events, tries as headline
from pair
where zeros >= $zeros or (refused >= $tries and refused >= $rate * seconds)    -- a broken trust retries every minute at most
