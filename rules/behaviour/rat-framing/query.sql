-- Framings as published: Gh0st (Norman, "The many faces of Gh0st Rat", 2012), DanaBot (ESET, "DanaBot updated with new C&C communication", 2019),
-- NetWire (CIRCL TR-23), Warzone (Check Point, 2020), njRAT (Fidelis FTA 1009), Remcos (F5 and Fortinet analyses), DarkComet (Arbor, 2012),
-- Poison Ivy (FireEye, 2013), Mirai (its published source), STRRAT (G DATA, 2020).
with opened as (
  select *, coalesce("destination.domain", "destination.ip") as name, coalesce("vonggac.source.payload_head", '') as said, coalesce("vonggac.destination.payload_head", '') as heard,
         "vonggac.flow.sizes" as sizes, list_filter("vonggac.flow.sizes", lambda size: size > 0) as ours, list_transform(list_filter("vonggac.flow.sizes", lambda size: size < 0), lambda size: -size) as theirs
  from flow
  where "network.transport" = 'tcp'
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and not coalesce("vonggac.flow.midstream", false)
    and len("vonggac.flow.sizes") >= $messages
), measured as (
  select *, ours[1] as out, theirs[1] as back, little_endian(said, 1) as first_length, little_endian(heard, 1) as answer_length from opened
), shaped as (
  select *,
         -- the packet's length stands behind the mark, the length of what is packed after it
         regexp_matches(said, '^([0-9a-f]{2}){3,15}?(' || big_hex(out) || '|' || little_hex(out) || ')[0-9a-f]{8}789c')
           and (back is null or regexp_matches(heard, '^([0-9a-f]{2}){3,15}?(' || big_hex(back) || '|' || little_hex(back) || ')[0-9a-f]{8}789c')) and (back is null or said[1:6] = heard[1:6]) as gh0st,
         out = 24 and regexp_full_match(said[1:48], '([0-9a-f]{8}0{8}){3}') and first_length + little_endian(said, 17) = little_endian(said, 33) and little_endian(said, 17) > 0 as danabot,
         out = 69 and said like '4100000099%' and regexp_matches(heard, '^[0-9a-f]{2}0000009b') as netwire,
         sizes[1] = -12 and out >= 60 and said[1:8] = heard[1:8] and said[9:12] <> heard[9:12] and said[13:16] = heard[13:16] and not regexp_matches(heard[1:8], '^([2-7][0-9a-f]){4}$') as warzone,
         len(ours) >= 4 and said = lower(hex(ours[2]::varchar || chr(13) || chr(10) || chr(13) || chr(10))) as counted,
         regexp_matches(said, '^(3[0-9]){1,6}00') and decimal_of(said) = out - decimal_digits(said) - 1 as njrat,
         said like '5b4461746153746172745d%' or (said like '2404ff00%' and little_endian(said, 9) = out - 8) as remcos,
         sizes[1] = -12 and regexp_full_match(heard, '(3[0-9]|4[1-6]){12}') and regexp_matches(said, '^(3[0-9]|4[1-6]){12,}$') as darkcomet,
         out = 256 and back = 256 and sizes[1] = 256 and coalesce("vonggac.source.entropy", 0) >= 6.8 and coalesce("vonggac.destination.entropy", 0) >= 6.8 as ivy,
         sizes[1] = 4 and said = '00000001' and len(list_filter(sizes, lambda size: abs(size) = 2)) >= 2 as mirai,
         first_length = out - 4 and answer_length = back - 4 and out >= 12 and back >= 5 as framed,
         length(said) >= 16 and length(heard) >= 16 and said[1:8] = heard[1:8] and not (said[1:2] = said[3:4] and said[3:4] = said[5:6]) and not regexp_matches(said[1:8], '0000|ffff')
           and not regexp_matches(said[1:8], '^([2-7][0-9a-f]){4}$') as same_key
  from measured
), told as (
  select *, gh0st or danabot or netwire or warzone or counted or njrat or remcos or darkcomet or ivy or mirai as known from shaped
)
select "source.ip" as machine, "destination.ip" as peer, "destination.port" as port, case when not is_address(min(name)) then min(name) end as domain, min(name) as name, count(*) as flows,
       sum("vonggac.source.payload_bytes") as sent, sum("vonggac.destination.payload_bytes") as received, min(case when said <> '' then said else heard end) as head,
       evidence("event.id", "@timestamp") as events, count(*) as headline, bool_or(coalesce(known, false)) as known, bool_or(coalesce(gh0st, false)) as gh0st, bool_or(coalesce(danabot, false)) as danabot,
       bool_or(coalesce(netwire, false)) as netwire, bool_or(coalesce(warzone, false)) as warzone, bool_or(coalesce(counted, false)) as counted, bool_or(coalesce(njrat, false)) as njrat,
       bool_or(coalesce(remcos, false)) as remcos, bool_or(coalesce(darkcomet, false)) as darkcomet, bool_or(coalesce(ivy, false)) as ivy, bool_or(coalesce(mirai, false)) as mirai,
       bool_or(coalesce(framed, false)) as framed, bool_or(coalesce(same_key, false)) as same_key
from told
where (known or framed or same_key)
  -- a frame alone is good practice of programmers; towards a place without a lasting name, and not on a port of everybody's, it is more
  and (known or (is_address(name) or in_dynamic_dns(name)) and "event.duration" >= 30e9 and not ("destination.port" in (443, 80, 5222, 5223, 5228, 8883, 1935, 554)))
group by "source.ip", "destination.ip", "destination.port"
