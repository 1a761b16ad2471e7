//! From a number to that many stories of a wire day, as JSON lines: `cargo bench --bench day -- 2000`.

#[path = "mod.rs"]
mod day;

use std::io::{BufWriter, Result, stdout};

fn main() -> Result<()> {
    // `cargo bench` without arguments passes only `--bench`: then there is nothing to write.
    let count = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(0);
    day::write(&day::day(count), &mut BufWriter::new(stdout().lock()))
}
