//! From a report to `GraphML`, which yEd, Gephi and networkx read.

use super::graph::{Attribute, Graph, Nodes, escaped};
use super::{Report, Writer};
use std::io;

/// Writes stories or sources as nodes and relations as directed edges. `lag` is in seconds, from
/// the first to the later; a `direction` that is unknown leaves the edge in the order of ids.
#[derive(Clone, Copy, Debug, Default)]
pub struct GraphMl {
    /// What the nodes are.
    pub nodes: Nodes,
}

impl Writer for GraphMl {
    fn write(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        write(&Graph::of(report, self.nodes), out)
    }
}

/// The same of a graph that is there.
pub(super) fn write(graph: &Graph, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n")?;
    keys(out, "node", graph.node_attributes)?;
    keys(out, "edge", graph.edge_attributes)?;
    writeln!(out, "<graph edgedefault=\"directed\">")?;
    for node in &graph.nodes {
        write!(out, "<node id=\"{}\">", escaped(&node.id))?;
        data(out, "node", graph.node_attributes, &node.values)?;
        writeln!(out, "</node>")?;
    }
    for edge in &graph.edges {
        write!(out, "<edge source=\"{}\" target=\"{}\">", escaped(&edge.from), escaped(&edge.to))?;
        data(out, "edge", graph.edge_attributes, &edge.values)?;
        writeln!(out, "</edge>")?;
    }
    writeln!(out, "</graph>\n</graphml>")
}

fn keys(out: &mut dyn io::Write, of: &str, attributes: &[Attribute]) -> io::Result<()> {
    attributes.iter().try_for_each(|(name, kind)| {
        writeln!(
            out,
            "<key id=\"{of}-{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{}\"/>",
            kind.name()
        )
    })
}

fn data(
    out: &mut dyn io::Write,
    of: &str,
    attributes: &[Attribute],
    values: &[Option<String>],
) -> io::Result<()> {
    attributes.iter().zip(values).try_for_each(|((name, _), value)| match value {
        Some(value) => write!(out, "<data key=\"{of}-{name}\">{}</data>", escaped(value)),
        None => Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use insta::assert_snapshot;

    #[test]
    fn stories_are_nodes_and_relations_edges() {
        let written = sample::written(&GraphMl::default());
        roxmltree::Document::parse(&written).unwrap();
        assert_eq!(written.matches("<node ").count(), 9);
        let edges: Vec<&str> = written.lines().filter(|line| line.starts_with("<edge")).take(2).collect();
        assert_snapshot!(edges.join("\n"), @r#"
<edge source="aap-ferry" target="post-ferry"><data key="edge-relation">copy</data><data key="edge-score">0.981235</data><data key="edge-jaccard">0.83</data><data key="edge-lag">6300</data><data key="edge-direction">known</data></edge>
<edge source="belta-sowing" target="sowing-copy"><data key="edge-relation">edited</data><data key="edge-score">0.9</data><data key="edge-jaccard">0.5</data><data key="edge-lag">8310</data><data key="edge-direction">known</data></edge>
"#);
    }

    #[test]
    fn sources_are_nodes_too() {
        let written = sample::written(&GraphMl { nodes: Nodes::Sources });
        roxmltree::Document::parse(&written).unwrap();
        let edges: Vec<&str> = written.lines().filter(|line| line.starts_with("<edge")).collect();
        assert_snapshot!(edges.join("\n"), @r#"
<edge source="AAP" target="Tasman Post"><data key="edge-pairs">1</data><data key="edge-lag">6300</data><data key="edge-direction">known</data></edge>
<edge source="Tasman Post" target="Gippsland Mail"><data key="edge-pairs">1</data><data key="edge-lag">7500</data><data key="edge-direction">known</data></edge>
<edge source="БелТА" target="Гродненская правда"><data key="edge-pairs">1</data><data key="edge-lag">8310</data><data key="edge-direction">known</data></edge>
<edge source="واس" target="عكاظ"><data key="edge-pairs">1</data><data key="edge-lag">52200</data><data key="edge-direction">known</data></edge>
"#);
    }

    #[test]
    fn what_xml_has_not_is_shown_as_a_picture() {
        assert_eq!(escaped("a\u{1}b<\"&'\n\u{7f}\u{ffff}"), "a␁b&lt;&quot;&amp;'&#10;␡\u{fffd}");
    }
}
