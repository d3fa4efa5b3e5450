-- Shared by every rule. Statistics and words that SQL lacks; sources stand beside them.

-- Shape of a gamma distribution of gaps from their mean and the mean of their logarithms (Minka's approximation of the
-- maximum likelihood estimate): 1 for chance, the larger the more regular. Clamped, because equal gaps give infinity.
create macro gamma_shape(mean, mean_ln) as
  case when ln(mean) - mean_ln > 1e-4
       then least(1000.0, (3 - (ln(mean) - mean_ln) + sqrt(pow(ln(mean) - mean_ln - 3, 2) + 24 * (ln(mean) - mean_ln)))
                          / (12 * (ln(mean) - mean_ln)))
       else 1000.0 end;

-- Shannon entropy of the characters of a text, bits a character.
create macro text_entropy(words) as
  case when length(words) > 0 then list_aggregate(string_split(words, ''), 'entropy') else 0.0 end;

-- Evidence of a finding: what a rule must return as "events".
create macro evidence(id, moment) as list({'at': epoch_us(moment), 'id': id});

-- An address where a name is expected.
create macro is_address(host) as
  coalesce(regexp_full_match(host, '\[?[0-9a-f:]*:[0-9a-f:.]+\]?|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}'), false);

-- What browsers and the parts of systems that look like one send: product token, platform in brackets, an engine.
create macro browser_agent(agent) as
  coalesce(regexp_matches(agent, '^(Mozilla/[45]\.0 \([^)]{6,}\)|Opera/9)')
           and regexp_matches(agent, 'AppleWebKit|Gecko/|Trident/|MSIE |Presto/|Opera'), false);

-- Programs of scripts and systems that fetch things when told to, not when a person browses.
create macro tool_agent(agent) as
  coalesce(regexp_matches(agent,
    '(?i)^(curl|wget|python|powershell|go-http|java/|libwww|okhttp|node|axios|ruby|php|winhttp|certutil|bitsadmin|microsoft bits|autoit|nsis|inetc|urlgrab|httpclient|apache-http|perl|lua|rust|reqwest)')
    or regexp_matches(agent, '(?i)WindowsPowerShell|WinHttp\.WinHttpRequest|CertUtil|AutoHotkey'), false);

-- Mean log-likelihood of neighbouring letters (natural logarithm) under the words people choose for names; generated
-- names lie low. Other characters count as one.
create macro letter(character) as
  case when character between 'a' and 'z' then ascii(character) - 97 else 26 end;
create macro bigram_table() as getvariable('bigrams');
create macro bigram_score(label) as
  list_avg(list_transform(range(1, length(label)::bigint), lambda i:
    bigram_table()[letter(label[i]) * 27 + letter(label[i + 1]) + 1]));
-- The label that people choose: the first of the registered domain.
create macro chosen_label(domain) as string_split(domain, '.')[1];

-- Whole hours since 1970 of a moment.
create macro hour_of(moment) as epoch_us(moment) // 3600000000;

-- Multicast and broadcast: an announcement, not a conversation.
create macro is_group_address(ip) as
  coalesce(regexp_matches(ip, '^(22[4-9]|23\d)\.') or ip like '%.255' or ip like 'ff%' or ip = '0.0.0.0', false);

-- Towards the outside, as enrichment says; not announcements. In a capture without private addresses every address is home:
-- then another public network is outside (a site that owns several of them names them in its configuration as private ones).
create macro is_private(ip) as
  coalesce(regexp_matches(ip, '^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|127\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cde])') or ip like '%:%', false);
create macro goes_out(home, client, ip) as
  not is_group_address(ip) and (not coalesce(home, false) or (not is_private(client) and not is_private(ip)
    and string_split(client, '.')[1:2] <> string_split(ip, '.')[1:2]));

-- The network of an address: two places in one network may be one owner's, two in different ones hardly.
create macro network_of(ip) as
  case when ip like '%:%' then array_to_string(string_split(ip, ':')[1:3], ':') else array_to_string(string_split(ip, '.')[1:2], '.') end;

-- Numbers in the first bytes of a conversation, which are written as hexadecimal digits: 32 bits that begin at a digit,
-- least significant byte first; a number as it would stand there; digits at the beginning that are a decimal number.
create macro little_endian(head, digit) as
  case when length(head) >= digit + 7
       then ('0x' || head[digit + 6:digit + 7] || head[digit + 4:digit + 5] || head[digit + 2:digit + 3] || head[digit:digit + 1])::bigint end;
create macro big_hex(number) as printf('%08x', coalesce(number, 0)::bigint);
create macro little_hex(number) as
  printf('%02x%02x%02x%02x', coalesce(number, 0)::bigint % 256, coalesce(number, 0)::bigint // 256 % 256, coalesce(number, 0)::bigint // 65536 % 256, coalesce(number, 0)::bigint // 16777216 % 256);
create macro decimal_digits(head) as length(regexp_extract(head, '^((3[0-9])+)', 1)) // 2;
create macro decimal_of(head) as
  try_cast(regexp_replace(regexp_extract(head, '^((3[0-9])+)', 1), '3([0-9])', '\1', 'g') as bigint);

-- A connection in which the server gave nothing: refused, unanswered, or closed before a byte of answer.
create macro is_fruitless(state, answered) as coalesce(state in ('S0', 'REJ') or coalesce(answered, 0) = 0, false);

-- A short list of values as a text shows it.
create macro several(list_of) as array_to_string(list_sort(list_distinct(list_of))[:5], ', ');
