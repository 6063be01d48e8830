-- Whom and when a rule means: the same decisions as portal/features/callhandling/rules (patterns, times, fitting, outgoing).
--
-- `call` is what is known of a call in one company: at, called, caller (digits), colleague (key of a line), hidden,
-- numbers and extensions (of the caller), cc, ac, zone.

CREATE FUNCTION kamailio.bare(typed text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(typed, '[ ()/.-]', '', 'g')
$$;

-- The canonical digits of what was dialled at a place; null when it is no number.
CREATE FUNCTION kamailio.parse_number(typed text, cc text, ac text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN read.digits ~ '^[1-9][0-9]*$' THEN read.digits END
    FROM (
        SELECT CASE
            WHEN bare !~ '^[+]?[0-9]{1,40}$' OR bare = '0' THEN NULL
            WHEN bare LIKE '+%' THEN substr(bare, 2)
            WHEN bare LIKE '00%' THEN substr(bare, 3)
            WHEN bare LIKE '0%' THEN cc || substr(bare, 2)
            ELSE cc || ac || bare
        END AS digits
        FROM (SELECT kamailio.bare(typed) AS bare) AS typed_bare
    ) AS read
$$;

CREATE FUNCTION kamailio.is_short(pattern text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT length(rtrim(pattern, '*')) <= 4 AND pattern NOT LIKE '00%'
$$;

CREATE FUNCTION kamailio.fits(pattern text, digits text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT digits LIKE translate(pattern, '*?', '%_')
$$;

-- An extension, or the number of a service.
CREATE FUNCTION kamailio.matches_short(pattern text, digits text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT kamailio.is_short(pattern) AND kamailio.fits(pattern, digits)
$$;

CREATE FUNCTION kamailio.matches(pattern text, digits text, cc text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN length(digits) <= 4 THEN kamailio.matches_short(pattern, digits)
        WHEN pattern = '00*' THEN digits NOT LIKE cc || '%'
        WHEN kamailio.is_short(pattern) THEN pattern = '*'
        ELSE kamailio.fits(regexp_replace(pattern, '^00', ''), digits)
    END
$$;

CREATE FUNCTION kamailio.means_caller(pattern text, call jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT EXISTS (
        SELECT FROM jsonb_array_elements_text(call->'numbers') AS one (digits)
        WHERE kamailio.matches(pattern, one.digits, call->>'cc')
    ) OR EXISTS (
        SELECT FROM jsonb_array_elements_text(call->'extensions') AS one (digits)
        WHERE kamailio.matches_short(pattern, one.digits)
    )
$$;

-- Nothing is known of whoever hides the own number, even if the network knows it.
CREATE FUNCTION kamailio.without_number(call jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (call->>'hidden')::boolean OR (call->>'caller' IS NULL AND call->>'colleague' IS NULL)
$$;

CREATE FUNCTION kamailio.caller_in(list_id integer, call jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN call->>'colleague' IS NOT NULL AND list.colleagues THEN true
        WHEN kamailio.without_number(call) THEN list.hidden
        ELSE EXISTS (
            SELECT FROM public.caller_entry entry
            WHERE entry.caller_list_id = list.id AND kamailio.means_caller(entry.pattern, call)
        )
    END
    FROM public.caller_list list
    WHERE list.id = list_id
$$;

-- Hours are those on the clock on the wall; they end on the next day when they end before they begin.
CREATE FUNCTION kamailio.holds(span public.time_span, here timestamp) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE span.kind
        WHEN 'weekly' THEN CASE
            WHEN span.begins < span.ends THEN
                (span.weekdays >> weekday) & 1 = 1 AND span.begins <= here::time AND here::time < span.ends
            ELSE
                ((span.weekdays >> weekday) & 1 = 1 AND here::time >= span.begins)
                OR ((span.weekdays >> ((weekday + 6) % 7)) & 1 = 1 AND here::time < span.ends)
        END
        WHEN 'dates' THEN here::date BETWEEN span.first AND span.last
        ELSE EXISTS (
            SELECT FROM kamailio.holiday
            WHERE country = span.country AND region = coalesce(span.region, '') AND day = here::date
        )
    END
    FROM (SELECT extract(isodow FROM here)::int - 1 AS weekday) AS today
$$;

CREATE FUNCTION kamailio.times_on(set_id integer, at timestamptz, zone text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(bool_or(held AND NOT excluded), false) AND NOT coalesce(bool_or(held AND excluded), false)
    FROM (
        SELECT kamailio.holds(span, at AT TIME ZONE zone) AS held, span.excluded
        FROM public.time_span span
        WHERE span.time_set_id = set_id
    ) AS spans
$$;

-- Whether a pattern of outgoing blocking means what was dialled.
CREATE FUNCTION kamailio.means_dialled(pattern text, dialled text, cc text, ac text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN kamailio.is_short(pattern) AND dialled !~ '^[0+]' THEN kamailio.matches_short(pattern, dialled)
        ELSE coalesce(kamailio.matches(pattern, kamailio.parse_number(dialled, cc, ac), cc), false)
    END
$$;

CREATE FUNCTION kamailio.is_emergency(dialled text, home_cc text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT dialled IN ('110', '112')
        OR EXISTS (SELECT FROM kamailio.emergency_number WHERE cc = home_cc AND number = dialled)
$$;
