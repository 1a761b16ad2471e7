//! From a report to GEXF 1.2, which Gephi and networkx read.

use super::graph::{Attribute, Graph, Nodes, escaped};
use super::{Report, Writer};
use std::io;

/// Writes stories or sources as nodes and relations as directed edges; the weight of an edge is
/// the score of a pair, or the number of pairs between two sources.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gexf {
    /// What the nodes are.
    pub nodes: Nodes,
}

impl Writer for Gexf {
    fn write(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        write(&Graph::of(report, self.nodes), out)
    }
}

/// The same of a graph that is there.
pub(super) fn write(graph: &Graph, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://www.gexf.net/1.2draft\" version=\"1.2\">\n\
          <graph defaultedgetype=\"directed\" mode=\"static\">\n",
    )?;
    attributes(out, "node", graph.node_attributes)?;
    attributes(out, "edge", graph.edge_attributes)?;
    writeln!(out, "<nodes>")?;
    for node in &graph.nodes {
        write!(out, "<node id=\"{}\" label=\"{}\">", escaped(&node.id), escaped(&node.label))?;
        values(out, &node.values)?;
        writeln!(out, "</node>")?;
    }
    writeln!(out, "</nodes>\n<edges>")?;
    for (number, edge) in graph.edges.iter().enumerate() {
        let (from, to, weight) = (escaped(&edge.from), escaped(&edge.to), edge.weight);
        write!(out, "<edge id=\"{number}\" source=\"{from}\" target=\"{to}\" weight=\"{weight}\">")?;
        values(out, &edge.values)?;
        writeln!(out, "</edge>")?;
    }
    writeln!(out, "</edges>\n</graph>\n</gexf>")
}

fn attributes(out: &mut dyn io::Write, of: &str, attributes: &[Attribute]) -> io::Result<()> {
    writeln!(out, "<attributes class=\"{of}\">")?;
    for (number, (name, kind)) in attributes.iter().enumerate() {
        writeln!(out, "<attribute id=\"{number}\" title=\"{name}\" type=\"{}\"/>", kind.name())?;
    }
    writeln!(out, "</attributes>")
}

fn values(out: &mut dyn io::Write, values: &[Option<String>]) -> io::Result<()> {
    write!(out, "<attvalues>")?;
    for (number, value) in
        values.iter().enumerate().filter_map(|(number, value)| Some((number, value.as_ref()?)))
    {
        write!(out, "<attvalue for=\"{number}\" value=\"{}\"/>", escaped(value))?;
    }
    write!(out, "</attvalues>")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn every_tied_story_is_a_node_and_every_pair_an_edge() {
        let written = sample::written(&Gexf::default());
        let document = roxmltree::Document::parse(&written).unwrap();
        let count = |name| document.descendants().filter(|node| node.tag_name().name() == name).count();
        assert_eq!((count("node"), count("edge")), (9, 5));
    }
}
