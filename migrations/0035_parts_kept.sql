-- Feeds and what they keep back are looked at every few seconds, among the parts of all orders: they have an index of
-- their own, small however many parts there are.

create index part_watched on part (bucket, kind, stream, part) where kind in ('feed', 'inhibited');
