with name as (
  select "source.ip", min("destination.ip") as peer, "dns.question.registered_domain" as domain, evidence("event.id", "@timestamp") as events
  from dns
  where "dns.response_code" = 'NXDOMAIN'
    and "dns.question.registered_domain" is not null
    and coalesce("destination.port", 53) not in (137, 5353, 5355)
    and "dns.question.name" not like '%.arpa' and "dns.question.name" not like '%.local'
  group by "source.ip", "dns.question.registered_domain"
), judged as (
  select *, chosen_label(domain) as label,
         count(*) over (partition by "source.ip", length(chosen_label(domain)), string_split(domain, '.')[-1]) as alike,
         bigram_score(chosen_label(domain)) as score
  from name where length(chosen_label(domain)) >= 6
), machine as (
  select "source.ip", any_value(peer) as peer, count(*) as missing, flatten(list(events)) as events, array_to_string(list_sort(list(domain))[:4], ', ') as examples,
         avg((score < -3.35 or alike >= 5)::integer) as strange, avg(score) as score
  from judged group by "source.ip"
)
select "source.ip" as machine, peer, missing, 100 * strange as strange_share, score, examples, events, missing as headline,
       missing >= 20 as many, strange >= 0.75 as unlikely,
       missing >= 40 and strange >= 0.9 as sure
from machine
where missing >= $missing
  and strange >= $strange
