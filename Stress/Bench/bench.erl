%% The same work in Erlang: erl -noinput -eval 'bench:main("fib")' prints what the Ludus program prints.
-module(bench).
-export([main/1]).

main("fib") -> measure("fib", 7049155, fun() -> fib(32) end);
main("ring") -> measure("ring", 1000000, fun() -> ring(100, 1000000) end);
main("spawn") -> measure("spawn", 300000, fun() -> answers(300000, 0) end);
main("pingpong") ->
    measure("pingpong", 800000, fun() -> rounds(400000, spawn(fun ponger/0)), 400000 end);
main("flood") -> measure("flood", 1000000, fun() -> counting(1000000) end);
main("scaling") ->
    timed_fibs(1),
    Ones = [timed_fibs(1) || _ <- lists:seq(1, 5)],
    Twos = [timed_fibs(2) || _ <- lists:seq(1, 5)],
    io:format("scaling ~.3f 0~n", [lists:nth(3, lists:sort(Twos)) / lists:nth(3, lists:sort(Ones))]);
main("memory") ->
    Pids = [spawn(fun idle/0) || _ <- lists:seq(1, 1000000)],
    timer:sleep(300),
    io:format("ready~n"),
    io:get_line(""),
    [P ! {ping, self()} || P <- Pids],
    io:format("~w~n", [length([receive pong -> ok end || _ <- Pids])]);
main("empty") -> ok;
main("idle") -> timer:sleep(2000).

measure(Name, Operations, Work) ->
    timed(Work),
    Runs = [timed(Work) || _ <- lists:seq(1, 5)],
    {Time, Answer} = lists:nth(3, lists:sort(Runs)),
    io:format("~s ~.2f ~w~n", [Name, Time / Operations, Answer]).

timed(Work) ->
    T0 = erlang:monotonic_time(nanosecond),
    {_, Ref} = spawn_monitor(fun() -> exit({done, Work()}) end),
    receive {'DOWN', Ref, _, _, {done, Answer}} -> {erlang:monotonic_time(nanosecond) - T0, Answer} end.

timed_fibs(Count) ->
    T0 = erlang:monotonic_time(nanosecond),
    Refs = [element(2, spawn_monitor(fun() -> fib(31) end)) || _ <- lists:seq(1, Count)],
    [receive {'DOWN', R, _, _, _} -> ok end || R <- Refs],
    erlang:monotonic_time(nanosecond) - T0.

fib(0) -> 0;
fib(1) -> 1;
fib(N) -> fib(N - 1) + fib(N - 2).

ring(Size, Hops) ->
    Home = self(),
    End = spawn(fun() -> receive {next, Next} -> member(Next, Home) end end),
    Start = grow(Size - 1, End, Home),
    End ! {next, Start},
    Start ! Hops,
    receive arrived -> Start ! stop end,
    Hops.

grow(0, Next, _) -> Next;
grow(N, Next, Home) -> grow(N - 1, spawn(fun() -> member(Next, Home) end), Home).

member(Next, Home) ->
    receive
        0 -> Home ! arrived, member(Next, Home);
        stop -> Next ! stop;
        N -> Next ! N - 1, member(Next, Home)
    end.

answers(0, Sum) -> Sum;
answers(N, Sum) ->
    Home = self(),
    spawn(fun() -> Home ! {reply, N} end),
    receive {reply, M} -> answers(N - 1, Sum + M) end.

ponger() -> receive {ping, From} -> From ! pong, ponger(); stop -> done end.

rounds(0, Other) -> Other ! stop;
rounds(N, Other) ->
    Other ! {ping, self()},
    receive pong -> rounds(N - 1, Other) end.

flood(0, To) -> To ! done;
flood(N, To) -> To ! N, flood(N - 1, To).

counting(N) ->
    Home = self(),
    spawn(fun() -> flood(N, Home) end),
    total(0).

total(Sum) -> receive done -> Sum; N -> total(Sum + N) end.

idle() -> receive {ping, From} -> From ! pong end.
