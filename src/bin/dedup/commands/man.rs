//! From the command line's own description to a manual page.

use crate::args::Cli;
use crate::exit::{ExitCode, Failure};
use crate::output::Output;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use std::io;

pub(crate) fn run(name: Option<&str>) -> Result<ExitCode, Failure> {
    let command = command(name)?;
    Output::Stdout.deliver(|out| page(command, out))?;
    Ok(ExitCode::Done)
}

/// The program, or the command of that name.
fn command(name: Option<&str>) -> Result<Command, Failure> {
    let mut program = Cli::command();
    program.build();
    let Some(name) = name else { return Ok(program) };
    let found = program.find_subcommand(name).cloned();
    found
        .map(|found| found.display_name(format!("dedup-{name}")))
        .ok_or_else(|| Failure::Fatal(format!("no command `{name}`; `dedup --help` lists them")))
}

/// Writes a page that says the same on every machine.
fn page(command: Command, out: &mut dyn io::Write) -> io::Result<()> {
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let has_commands = command.has_subcommands();
    let man = Man::new(command).source(concat!("dedup ", env!("CARGO_PKG_VERSION")));
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    if has_commands {
        man.render_subcommands_section(out)?;
    }
    for paragraph in after.split("\n\n") {
        section(paragraph, out)?;
    }
    Ok(())
}

/// Writes a paragraph under its first line, its lines as they are.
fn section(paragraph: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let Some((heading, lines)) = paragraph.split_once(":\n") else { return Ok(()) };
    let lines = lines.replace('\\', "\\\\").replace('-', "\\-");
    writeln!(out, ".SH \"{}\"\n.nf\n{lines}\n.fi", heading.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(name: Option<&str>) -> String {
        let mut out = Vec::new();
        page(command(name).unwrap(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_page_for_the_program_and_one_for_each_command() {
        let program = rendered(None);
        assert!(program.contains(".SH \"EXIT CODES\"\n.nf\n  0  done"), "{program}");
        for command in Cli::command().get_subcommands() {
            let page = rendered(Some(command.get_name()));
            assert!(page.contains(&format!(".TH dedup-{} 1", command.get_name())), "{page}");
        }
        assert!(rendered(Some("scan")).contains("keep\\-furniture"));
        assert!(command(Some("scam")).is_err());
    }

    #[test]
    fn nothing_after_the_options_is_lost() {
        for command in [Cli::command()].iter().chain(Cli::command().get_subcommands()) {
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.split("\n\n").all(|paragraph| after.is_empty() || paragraph.contains(":\n")));
        }
    }
}
