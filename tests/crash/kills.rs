//! From writers that are killed at any moment to an index with every acknowledged story.

use super::{dedup, id, line, listed, run};
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

/// Kill cycles: few in the gate, 200 where `DEDUP_KILL_CYCLES` says so.
fn cycles() -> usize {
    std::env::var("DEDUP_KILL_CYCLES").ok().and_then(|cycles| cycles.parse().ok()).unwrap_or(40)
}

#[test]
fn nothing_acknowledged_is_lost_when_writers_are_killed() {
    let folder = tempfile::tempdir().unwrap();
    let (cycles, mut next, mut state) = (cycles(), 0, 0x5eed_u64);
    let mut killed_at_work = 0;
    for cycle in 0..cycles {
        let mut child = dedup(folder.path(), "index add x.db - --each --format jsonl --level copy")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        // Writes on until the pipe breaks; answers are read meanwhile.
        let writer = thread::spawn(move || {
            (next..next + 5_000)
                .take_while(|&number| stdin.write_all(line(number).as_bytes()).is_ok())
                .count()
        });
        let reader = thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            // The last line may be cut off by the kill: it was not acknowledged.
            lines.filter(|line| line.ends_with('}')).map(|line| id(&line)).collect::<Vec<String>>()
        });
        state = dedup::hash::finalise(state.wrapping_add(1));
        thread::sleep(Duration::from_micros(state % 250_000));
        child.kill().unwrap();
        let acknowledged = reader.join().unwrap();
        writer.join().unwrap();
        let killed = child.wait().unwrap().code().is_none();
        killed_at_work += usize::from(killed && !acknowledged.is_empty());
        for (place, id) in acknowledged.iter().enumerate() {
            assert_eq!(*id, format!("s{}", next + place), "in order, each once");
        }
        next += acknowledged.len();
        if cycle % 10 == 9 || cycle + 1 == cycles {
            if !folder.path().join("x.db").exists() {
                continue;
            }
            let (code, out, err) = run(folder.path(), "index verify x.db");
            assert_eq!(code, 0, "cycle {cycle}: {out}{err}");
            let ids = listed(folder.path(), "x.db");
            let missing =
                (0..next).filter(|number| ids.binary_search(&format!("s{number}")).is_err()).count();
            assert_eq!(missing, 0, "cycle {cycle}");
            // At most the one story in hand is there without an answer.
            assert!(ids.len() <= next + 1, "{} of {next}", ids.len());
        }
    }
    println!("{cycles} kills, {killed_at_work} of them at work; {next} stories acknowledged, none lost");
    assert!(killed_at_work * 4 >= cycles, "{killed_at_work} of {cycles} kills came while stories were added");
}
