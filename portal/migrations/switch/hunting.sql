-- What becomes of a call, step by step: portal/features/callhandling/rules/evaluation.py as a machine that waits for phones.
--
-- A call in kamailio.call has `state`: {at: seconds since it began, as planned; tries; stack: what is under way, the last on top;
-- waiting: what the phones are doing now}, and `trace`: what has happened so far, in the words of the evaluation.
-- Frames of the stack, by `f`:
--   line    a line is to be tried: {line, turn}
--   after   its phones or its group have been tried: {line, turn}
--   gone    it went elsewhere after it had been tried: {rang}
--   places  the destinations of a rule, one after the other: {line, rule, place, turn, rang}
--   group   the steps of a group: {line, steps, step, seconds, forwards, turn, rang, tried, busy}
-- A `turn` says until when at most (null: as long as it takes), how long its phones ring, through which lines the call came
-- (path), the group that rings it (within), the rule that led here (via), and whether its own forwarding counts (forwards).
-- What was tried ends with {why, rang}.

-- What the switch is to do now. One row for each phone that rings, or each peer to try; `line` is whose phone it is.
CREATE TYPE kamailio.action AS (
    call text,
    action text,  -- ring, leave or refuse
    code integer,
    reason text,
    seconds integer,
    uri text,
    via text,  -- the next hop, when it is not the host of the address; “self” for a call of its own within this one
    line text,
    shown text,  -- what the called party sees: number or extension, and name
    name text,
    hidden integer,
    cancel text  -- how those who still ring are told that somebody else has answered: cancel or bye
);

CREATE FUNCTION kamailio.lasting(seconds integer, at integer, until integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN until IS NULL THEN seconds ELSE least(seconds, until - at) END
$$;

CREATE FUNCTION kamailio.ended(why text, rang boolean) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('why', why, 'rang', rang)
$$;

-- A group’s line never gets here.
CREATE FUNCTION kamailio.ring_seconds(line kamailio.line, call jsonb, turn jsonb, at integer) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    until integer := (turn->>'until')::int;
    leaves boolean;
BEGIN
    IF turn->>'ring' IS NOT NULL THEN
        RETURN kamailio.lasting((turn->>'ring')::int, at, until);
    END IF;
    leaves := (turn->>'forwards')::boolean AND kamailio.next_rule(line, call, 'not-answered') IS NOT NULL;
    IF until IS NOT NULL AND turn->>'within' IS NOT NULL AND NOT leaves THEN
        RETURN until - at;
    END IF;
    RETURN kamailio.lasting(line.ring_seconds, at, until);
END $$;

-- Who is called in a company, as the rules of that company see the call.
CREATE FUNCTION kamailio.seen_by(callee kamailio.line, caller kamailio.line, called text, caller_digits text, at timestamptz)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'at', at, 'called', called, 'cc', callee.cc, 'ac', callee.ac, 'zone', callee.zone,
        'colleague', CASE WHEN colleague THEN caller.id END,
        'caller', CASE WHEN NOT colleague THEN caller_digits END,
        'hidden', CASE WHEN caller.id IS NULL THEN false WHEN colleague THEN caller.hide_inside ELSE caller.hide_outside END,
        'numbers', CASE
            WHEN colleague THEN to_jsonb(kamailio.numbers_of(caller.id))
            WHEN caller_digits IS NULL THEN '[]'
            ELSE jsonb_build_array(caller_digits) END,
        'extensions', CASE WHEN colleague AND caller.extension IS NOT NULL THEN jsonb_build_array(caller.extension) ELSE '[]' END
    )
    FROM (SELECT coalesce(caller.customer_id = callee.customer_id, false) AS colleague) AS known
$$;

CREATE TYPE kamailio.hunt AS (
    id text,
    facts jsonb,
    at integer,
    tries integer,
    stack jsonb,
    trace jsonb,
    result jsonb,
    todo jsonb  -- what the phones are to do: {do, seconds, lines, children, number, payer, quiet, busy}
);

CREATE FUNCTION kamailio.pushed(hunt kamailio.hunt, frame jsonb) RETURNS kamailio.hunt LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    hunt.stack := hunt.stack || jsonb_build_array(frame);
    hunt.result := NULL;
    RETURN hunt;
END $$;

CREATE FUNCTION kamailio.traced(hunt kamailio.hunt, step jsonb) RETURNS kamailio.hunt LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    hunt.trace := hunt.trace || jsonb_build_array(step || jsonb_build_object('begins', hunt.at));
    RETURN hunt;
END $$;

CREATE FUNCTION kamailio.silent(hunt kamailio.hunt, line integer, turn jsonb, why text) RETURNS kamailio.hunt
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    hunt := kamailio.traced(hunt, jsonb_build_object(
        'step', 'silent', 'line', line, 'why', why, 'within', turn->'within', 'path', turn->'path'
    ));
    hunt.result := kamailio.ended(why, false);
    RETURN hunt;
END $$;

CREATE FUNCTION kamailio.goes_elsewhere(hunt kamailio.hunt, line integer, rule integer, turn jsonb, why text) RETURNS kamailio.hunt
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    hunt := kamailio.traced(hunt, jsonb_build_object(
        'step', 'forwarded', 'line', line, 'rule', rule, 'why', why, 'within', turn->'within', 'path', turn->'path'
    ));
    RETURN kamailio.pushed(hunt, jsonb_build_object(
        'f', 'places', 'line', line, 'rule', rule, 'place', 0, 'turn', turn, 'rang', false, 'last', kamailio.ended('nobody', false)
    ));
END $$;

-- Why a line cannot be tried at all: it has ended, the call has been there, or it does not take the call.
CREATE FUNCTION kamailio.tries_not(hunt kamailio.hunt, key integer, line kamailio.line, turn jsonb) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN line.id IS NULL THEN 'nobody'
        WHEN turn->'path' @> to_jsonb(key) OR jsonb_array_length(turn->'path') >= 10 OR hunt.tries > 500 THEN 'loop'
        ELSE kamailio.arrives_not(line, hunt.facts->'call')
    END
$$;

CREATE FUNCTION kamailio.try_line(hunt kamailio.hunt, key integer, turn jsonb) RETURNS kamailio.hunt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    line kamailio.line := kamailio.line_of(key);
    why text;
    rule integer;
    seconds integer;
BEGIN
    hunt.tries := hunt.tries + 1;
    why := kamailio.tries_not(hunt, key, line, turn);
    IF why IS NOT NULL THEN
        RETURN kamailio.silent(hunt, key, turn, why);
    END IF;
    turn := jsonb_set(turn, '{path}', turn->'path' || to_jsonb(key));
    IF (turn->>'forwards')::boolean THEN
        rule := kamailio.instead(line, hunt.facts->'call', 'always');
        IF rule IS NOT NULL THEN
            RETURN kamailio.goes_elsewhere(hunt, key, rule, turn, NULL);
        END IF;
    END IF;
    why := kamailio.rings_not(line);
    hunt := kamailio.pushed(hunt, jsonb_build_object('f', 'after', 'line', key, 'turn', turn, 'group', line.kind = 'group'));
    IF why IS NOT NULL THEN
        hunt.result := kamailio.ended(why, false);
    ELSIF line.kind = 'group' THEN
        RETURN kamailio.begin_group(hunt, key, turn);
    ELSE
        seconds := kamailio.ring_seconds(line, hunt.facts->'call', turn, hunt.at);
        hunt := kamailio.traced(hunt, jsonb_build_object(
            'step', 'rings', 'line', key, 'seconds', seconds, 'within', turn->'within', 'via', turn->'via', 'path', turn->'path'
        ));
        hunt.todo := jsonb_build_object('do', 'ring', 'seconds', seconds, 'lines', jsonb_build_array(key));
    END IF;
    RETURN hunt;
END $$;

CREATE FUNCTION kamailio.begin_group(hunt kamailio.hunt, key integer, turn jsonb) RETURNS kamailio.hunt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    found record;
BEGIN
    UPDATE public.pbx_group SET turn = pbx_group.turn + 1 WHERE subscriber_id = key
    RETURNING policy, ring_seconds, ignore_forwards, pbx_group.turn - 1 AS turn INTO found;
    RETURN kamailio.pushed(hunt, jsonb_build_object(
        'f', 'group', 'line', key, 'steps', kamailio.ring_plan(key, found.policy, found.turn), 'step', 0,
        'seconds', found.ring_seconds, 'forwards', NOT found.ignore_forwards, 'turn', turn, 'rang', false, 'tried', 0, 'busy', 0
    ));
END $$;

CREATE FUNCTION kamailio.after_line(hunt kamailio.hunt, frame jsonb) RETURNS kamailio.hunt LANGUAGE plpgsql STABLE AS $$
DECLARE
    tried jsonb := hunt.result;
    turn jsonb := frame->'turn';
    line kamailio.line := kamailio.line_of((frame->>'line')::int);
    rule integer;
    over boolean := coalesce(hunt.at >= (turn->>'until')::int, false);
BEGIN
    IF line.id IS NOT NULL AND (turn->>'forwards')::boolean AND NOT over THEN
        rule := kamailio.next_rule(line, hunt.facts->'call', tried->>'why');
    END IF;
    IF rule IS NOT NULL THEN
        hunt := kamailio.pushed(hunt, jsonb_build_object('f', 'gone', 'rang', tried->'rang'));
        RETURN kamailio.goes_elsewhere(hunt, line.id, rule, turn, tried->>'why');
    END IF;
    IF NOT (tried->>'rang')::boolean THEN
        RETURN kamailio.silent(hunt, (frame->>'line')::int, turn, tried->>'why');
    END IF;
    RETURN hunt;
END $$;

-- The next destination of a rule; when there is none, how it ended with all of them.
CREATE FUNCTION kamailio.next_place(hunt kamailio.hunt, frame jsonb) RETURNS kamailio.hunt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    turn jsonb := frame->'turn';
    until integer := (turn->>'until')::int;
    place integer := (frame->>'place')::int;
    goal record;
    target text;
    here jsonb;
BEGIN
    IF hunt.result IS NOT NULL THEN
        frame := frame || jsonb_build_object(
            'last', hunt.result, 'rang', (frame->>'rang')::boolean OR (hunt.result->>'rang')::boolean
        );
        hunt.result := NULL;
    END IF;
    SELECT destination.*, NOT EXISTS (
        SELECT FROM public.forward_destination later
        WHERE later.forward_id = destination.forward_id AND later.position > destination.position
    ) AS last INTO goal
    FROM public.forward_destination destination
    WHERE destination.forward_id = (frame->>'rule')::int
    ORDER BY destination.position OFFSET place LIMIT 1;
    IF NOT FOUND OR coalesce(hunt.at >= until, false) THEN
        hunt.result := CASE WHEN (frame->>'rang')::boolean THEN kamailio.ended('not-answered', true) ELSE frame->'last' END;
        RETURN hunt;
    END IF;
    hunt := kamailio.pushed(hunt, frame || jsonb_build_object('place', place + 1));
    IF goal.target_id IS NULL THEN
        RETURN kamailio.leave(hunt, frame, goal.number, kamailio.lasting(goal.ring_seconds, hunt.at, until));
    END IF;
    here := jsonb_build_object('until', until, 'ring', NULL, 'path', turn->'path', 'within', NULL, 'via', frame->'rule', 'forwards', true);
    SELECT kind INTO target FROM public.subscriber WHERE id = goal.target_id AND status <> 'terminated';
    IF target IS NOT NULL AND target <> 'group' THEN
        here := here || jsonb_build_object('ring', goal.ring_seconds);
    END IF;
    IF target IS DISTINCT FROM 'group' AND NOT goal.last THEN
        here := here || jsonb_build_object('until', hunt.at + kamailio.lasting(goal.ring_seconds, hunt.at, until));
    END IF;
    RETURN kamailio.pushed(hunt, jsonb_build_object('f', 'line', 'line', goal.target_id, 'turn', here));
END $$;

-- A number outside of the company, for which the forwarding line pays.
CREATE FUNCTION kamailio.leave(hunt kamailio.hunt, frame jsonb, number text, seconds integer) RETURNS kamailio.hunt
LANGUAGE plpgsql STABLE AS $$
DECLARE
    payer integer := (frame->>'line')::int;
    why text := kamailio.forwards_not(kamailio.line_of(payer), number);
BEGIN
    IF why IS NOT NULL THEN
        hunt := kamailio.traced(hunt, jsonb_build_object(
            'step', 'barred', 'number', number, 'why', why, 'via', frame->'rule', 'path', frame#>'{turn,path}'
        ));
        hunt.result := kamailio.ended('nobody', false);
        RETURN hunt;
    END IF;
    hunt := kamailio.traced(hunt, jsonb_build_object(
        'step', 'leaves', 'number', number, 'seconds', seconds, 'payer', payer, 'via', frame->'rule', 'path', frame#>'{turn,path}'
    ));
    hunt.todo := jsonb_build_object('do', 'leave', 'seconds', seconds, 'number', number, 'payer', payer);
    RETURN hunt;
END $$;

-- The next step of a group; when there is none, how it ended with all of them.
CREATE FUNCTION kamailio.next_step(hunt kamailio.hunt, frame jsonb) RETURNS kamailio.hunt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    turn jsonb := frame->'turn';
    until integer := (turn->>'until')::int;
    members jsonb := frame->'steps'->(frame->>'step')::int;
    hunted jsonb;
BEGIN
    IF hunt.result IS NOT NULL THEN
        frame := frame || jsonb_build_object(
            'rang', (frame->>'rang')::boolean OR (hunt.result->>'rang')::boolean,
            'tried', (frame->>'tried')::int + coalesce((hunt.result->>'size')::int, 1),
            'busy', (frame->>'busy')::int
                + coalesce((hunt.result->>'busy')::int, (hunt.result->>'why' IN ('busy', 'do-not-disturb'))::int)
        );
        hunt.result := NULL;
    END IF;
    IF members IS NULL OR coalesce(hunt.at >= until, false) THEN
        hunt.result := CASE
            WHEN (frame->>'rang')::boolean THEN kamailio.ended('not-answered', true)
            WHEN (frame->>'tried')::int > 0 AND frame->'tried' = frame->'busy' THEN kamailio.ended('busy', false)
            ELSE kamailio.ended('nobody', false) END;
        RETURN hunt;
    END IF;
    hunt := kamailio.pushed(hunt, frame || jsonb_build_object('step', (frame->>'step')::int + 1));
    hunted := jsonb_build_object(
        'until', hunt.at + kamailio.lasting((frame->>'seconds')::int, hunt.at, until), 'ring', NULL, 'path', turn->'path',
        'within', frame->'line', 'via', turn->'via', 'forwards', frame->'forwards'
    );
    IF jsonb_array_length(members) = 1 THEN
        RETURN kamailio.pushed(hunt, jsonb_build_object('f', 'line', 'line', members->0, 'turn', hunted));
    END IF;
    RETURN kamailio.ring_together(hunt, members, hunted);
END $$;

-- Several at once. Whoever has rules of their own is called by a call of its own, so that these can follow meanwhile.
CREATE FUNCTION kamailio.ring_together(hunt kamailio.hunt, members jsonb, turn jsonb) RETURNS kamailio.hunt
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    key integer;
    line kamailio.line;
    why text;
    lines jsonb := '[]';
    children jsonb := '[]';
    child text;
    quiet integer := 0;
    busy integer := 0;
BEGIN
    FOR key IN SELECT value::int FROM jsonb_array_elements_text(members) LOOP
        line := kamailio.line_of(key);
        hunt.tries := hunt.tries + 1;
        why := kamailio.tries_not(hunt, key, line, turn);
        IF why IS NULL AND (turn->>'forwards')::boolean AND line.forwards
            AND EXISTS (SELECT FROM public.forward WHERE subscriber_id = key AND enabled) THEN
            INSERT INTO kamailio.call (parent_id, facts, state) VALUES (hunt.id, hunt.facts, jsonb_build_object(
                'at', hunt.at, 'tries', hunt.tries, 'stack', jsonb_build_array(jsonb_build_object('f', 'line', 'line', key, 'turn', turn))
            )) RETURNING id INTO child;
            children := children || to_jsonb(child);
            CONTINUE;
        END IF;
        why := coalesce(why, kamailio.rings_not(line));
        IF why IS NOT NULL THEN
            hunt := kamailio.silent(hunt, key, turn, why);
            quiet := quiet + 1;
            busy := busy + (why IN ('busy', 'do-not-disturb'))::int;
        ELSE
            hunt := kamailio.traced(hunt, jsonb_build_object(
                'step', 'rings', 'line', key, 'seconds', (turn->>'until')::int - hunt.at, 'within', turn->'within', 'via', turn->'via',
                'path', turn->'path' || to_jsonb(key)
            ));
            lines := lines || to_jsonb(key);
        END IF;
    END LOOP;
    IF jsonb_array_length(lines || children) = 0 THEN
        hunt.result := kamailio.ended('nobody', false) || jsonb_build_object('size', quiet, 'busy', busy);
    ELSE
        hunt.result := NULL;
        hunt.todo := jsonb_build_object(
            'do', 'ring', 'seconds', (turn->>'until')::int - hunt.at, 'lines', lines, 'children', children, 'quiet', quiet, 'busy', busy
        );
    END IF;
    RETURN hunt;
END $$;

-- How the phones’ answer ends what was waited for: timeout, busy, or unreachable. `elapsed`: seconds since the call began.
CREATE FUNCTION kamailio.answered(hunt kamailio.hunt, waiting jsonb, event text, elapsed integer) RETURNS kamailio.hunt
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    ends integer := hunt.at + (waiting->>'seconds')::int;
    together integer := coalesce(jsonb_array_length(waiting->'lines'), 0) + coalesce(jsonb_array_length(waiting->'children'), 0)
        + coalesce((waiting->>'quiet')::int, 0);
BEGIN
    -- For the record of the call: how the last that was tried ended.
    hunt.trace := jsonb_set(hunt.trace, '{-1,ended}', to_jsonb(event));
    IF event = 'timeout' THEN
        hunt.at := CASE WHEN elapsed IS NULL THEN ends ELSE greatest(hunt.at, least(ends, elapsed)) END;
        hunt.result := kamailio.ended('not-answered', true);
    ELSIF waiting->>'do' = 'leave' THEN
        hunt.result := kamailio.ended(CASE event WHEN 'busy' THEN 'busy' ELSE 'nobody' END, false);
    ELSE
        hunt.result := kamailio.ended(CASE event WHEN 'busy' THEN 'busy' ELSE 'unreachable' END, false);
    END IF;
    IF waiting ? 'children' THEN
        hunt.result := hunt.result || jsonb_build_object('size', together, 'busy', CASE
            WHEN event = 'busy' THEN together - (waiting->>'quiet')::int + (waiting->>'busy')::int
            ELSE (waiting->>'busy')::int END);
    END IF;
    RETURN hunt;
END $$;

-- Goes on until there is something to do, or the call has come to its end (`result`, with an empty stack).
CREATE FUNCTION kamailio.go_on(hunt kamailio.hunt) RETURNS kamailio.hunt LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    frame jsonb;
BEGIN
    WHILE hunt.todo IS NULL AND jsonb_array_length(hunt.stack) > 0 LOOP
        frame := hunt.stack->-1;
        hunt.stack := hunt.stack - (jsonb_array_length(hunt.stack) - 1);
        CASE frame->>'f'
            WHEN 'line' THEN hunt := kamailio.try_line(hunt, (frame->>'line')::int, frame->'turn');
            WHEN 'after' THEN hunt := kamailio.after_line(hunt, frame);
            WHEN 'places' THEN hunt := kamailio.next_place(hunt, frame);
            WHEN 'group' THEN hunt := kamailio.next_step(hunt, frame);
            WHEN 'gone' THEN
                IF (frame->>'rang')::boolean THEN
                    hunt.result := kamailio.ended('not-answered', true);
                END IF;
        END CASE;
    END LOOP;
    RETURN hunt;
END $$;
