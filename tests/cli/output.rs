//! From a finished run to a file that is whole, a pipe that may close, and colours or none.

use crate::formats::small_folder;
use crate::scratch::{Outcome, Scratch};
use crate::wire_day::day;
use assert_cmd::Command;
use std::process::Stdio;

const ESCAPE: char = '\u{1b}';

#[test]
fn a_file_holds_what_the_screen_would_show() {
    let scratch = small_folder();
    let shown = scratch.run("scan ferry --level copy --format jsonl").exits(0);
    assert_eq!(scratch.run("scan ferry --level copy --format jsonl -o out.jsonl").exits(0), "");
    assert_eq!(std::fs::read_to_string(scratch.path("out.jsonl")).unwrap(), shown);
    assert_eq!(scratch.names(), ["feed.jsonl", "ferry", "out.jsonl"]);
}

/// A day whose result is larger than the limit below.
#[cfg(unix)]
fn limited(shell: &str) -> (Scratch, std::process::Output) {
    let scratch =
        Scratch::with(&[("in/day.jsonl", day(4, 400).join("\n")), ("out.jsonl", "before".to_owned())]);
    let program = env!("CARGO_BIN_EXE_dedup");
    let run = format!(
        "{shell} ulimit -f 8; exec {program} scan in --level copy --singles --format jsonl -o out.jsonl"
    );
    let output =
        std::process::Command::new("sh").args(["-c", &run]).current_dir(scratch.folder()).output().unwrap();
    (scratch, output)
}

/// The system kills the run in the middle of writing: whoever reads the file never sees a part.
#[cfg(unix)]
#[test]
fn a_run_killed_while_writing_leaves_the_old_file() {
    let (scratch, output) = limited("");
    assert_eq!(output.status.code(), None, "killed by a signal");
    assert_eq!(std::fs::read_to_string(scratch.path("out.jsonl")).unwrap(), "before");
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_file_and_nothing_else() {
    let (scratch, output) = limited("trap '' XFSZ;");
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.starts_with("dedup: cannot write ") && err.contains("out.jsonl: "), "{err}");
    assert_eq!(std::fs::read_to_string(scratch.path("out.jsonl")).unwrap(), "before");
    assert_eq!(scratch.names(), ["in", "out.jsonl"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_an_error() {
    let err = small_folder().run("scan ferry --format jsonl -o /dev/full").complains(2);
    insta::assert_snapshot!(err, @"dedup: cannot write /dev/full: No space left on device (os error 28)");
}

#[test]
fn an_output_that_cannot_be_written_is_known_before_the_work() {
    let scratch = small_folder();
    insta::assert_snapshot!(scratch.run("scan ferry -q -o no/out.csv").complains(2), @"dedup: cannot write no/out.csv: entity not found");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let scratch = Scratch::with(&[("day.jsonl", day(4, 400).join("\n"))]);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_dedup"))
        .args(["scan", "day.jsonl", "--singles", "--format", "jsonl"])
        .current_dir(scratch.folder())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_exits_with_130() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_dedup"))
        .args(["scan", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Sent before the handler is set, the signal would end the run by itself.
    let status = format!("/proc/{}/status", child.id());
    let catches_interrupts = || {
        let text = std::fs::read_to_string(&status).unwrap();
        let caught = text.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim().to_owned();
        u64::from_str_radix(&caught, 16).unwrap() & 0b10 != 0
    };
    while !catches_interrupts() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

fn coloured(flags: &str, variable: Option<(&str, &str)>) -> bool {
    let scratch = small_folder();
    let mut command: Command = scratch.command(&format!("scan ferry --level copy {flags}"));
    if let Some((name, value)) = variable {
        command.env(name, value);
    }
    Outcome::of(command).exits(0).contains(ESCAPE)
}

#[test]
fn colours_only_where_they_are_wanted() {
    assert!(!coloured("", None), "none when piped");
    assert!(!coloured("", Some(("NO_COLOR", "1"))));
    assert!(coloured("--color always", None));
    assert!(!coloured("--color never", Some(("CLICOLOR_FORCE", "1"))));
    assert!(!coloured("--format jsonl --color always", None), "data has no colours");
}

/// On a terminal, which `script` makes.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_colours_unless_told_otherwise() {
    let scratch = small_folder();
    let on_a_terminal = |variable: &str| {
        let run =
            format!("env {variable} TERM=xterm {} scan ferry --level copy", env!("CARGO_BIN_EXE_dedup"));
        let mut script = std::process::Command::new("script");
        script.args(["-qec", &run, "/dev/null"]).current_dir(scratch.folder()).stdin(Stdio::null());
        script.output().ok().map(|output| String::from_utf8(output.stdout).unwrap())
    };
    let Some(shown) = on_a_terminal("A=b") else {
        println!("skipped: no program `script` to make a terminal");
        return;
    };
    assert!(shown.contains(ESCAPE) && shown.contains("aap-1"), "{shown}");
    let plain = on_a_terminal("NO_COLOR=1").unwrap();
    assert!(!plain.contains(ESCAPE) && plain.contains("aap-1"), "{plain}");
}
