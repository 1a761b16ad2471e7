//! From input that does not fit to a run that ends, in bounded memory.

use crate::scratch::Scratch;
use crate::wire_day::{Draw, line};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::Command;
use std::time::{Duration, Instant};

/// What a run may hold at most here: blocks and longest record, far below the input.
#[cfg(target_os = "linux")]
const BOUND_KB: u64 = 150 << 10;

/// The most memory that a process has held, in kB; the value of the last look before it ended.
#[cfg(target_os = "linux")]
fn watched(mut command: Command) -> (std::process::ExitStatus, u64) {
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let field = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = field.and_then(|field| field.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak);
        std::thread::sleep(Duration::from_millis(3));
    }
    (child.wait().unwrap(), peak)
}

/// 200 MB of JSON on one line: 5,000 stories, each beside 40 kB that nobody asked for.
#[cfg(target_os = "linux")]
#[test]
fn a_line_of_200_mb_is_streamed() {
    let scratch = Scratch::new();
    let mut file = BufWriter::with_capacity(1 << 20, File::create(scratch.path("day.json")).unwrap());
    let ballast = "x".repeat(40_000);
    let mut draw = Draw(2);
    for i in 0..5_000 {
        let text = if i % 10 == 9 {
            "The same short text again and again.".into()
        } else {
            draw.words(40).join(" ")
        };
        let opening = if i == 0 { '[' } else { ',' };
        write!(file, "{opening}{{\"id\":\"{i:05}\",\"raw\":\"{ballast}\",\"text\":\"{text}\"}}").unwrap();
    }
    write!(file, "]").unwrap();
    file.into_inner().unwrap();
    assert!(scratch.path("day.json").metadata().unwrap().len() > 200_000_000);

    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dedup"));
    command
        .current_dir(scratch.folder())
        .args(["scan", "day.json", "--level", "copy", "--format", "jsonl", "-o", "out"]);
    let (status, peak) = watched(command);
    println!("200 MB on one line: {:.1} s, {} MB at most", start.elapsed().as_secs_f64(), peak >> 10);
    let out = std::fs::read_to_string(scratch.path("out")).unwrap();
    assert!(status.success(), "{status}");
    let last = out.lines().last().unwrap();
    assert!(last.contains(r#""stories":5000,"clusters":1,"clustered":500,"#), "{last}");
    assert!(peak > 0 && peak < BOUND_KB, "{peak} kB");
}

#[test]
fn a_line_of_70_mb_is_skipped_and_the_next_one_is_read() {
    let scratch = Scratch::new();
    let mut file = File::create(scratch.path("day.jsonl")).unwrap();
    writeln!(file, "{}", line("before", "The harbour froze over on the first of March.")).unwrap();
    writeln!(file, "{{\"id\":\"long\",\"text\":\"{}\"}}", "word ".repeat(14_000_000)).unwrap();
    writeln!(file, "{}", line("after", "The harbour froze over on the first of March.")).unwrap();
    drop(file);
    let run = scratch.run("scan day.jsonl --level copy --format jsonl");
    assert_eq!(run.clusters(), ["after before"]);
    let skipped = run.of_type("skipped");
    assert_eq!((skipped.len(), &skipped[0]["line"]), (1, &2.into()));
    insta::assert_snapshot!(skipped[0]["reason"].as_str().unwrap(), @"expected at most 67108864 bytes in one story, found 70000023; split it or take it out");
    run.exits(3);
}
