"""From a report to recommendations: reports taken in, proposals reviewed step by step."""
