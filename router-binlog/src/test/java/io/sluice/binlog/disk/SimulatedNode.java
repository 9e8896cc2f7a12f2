package io.sluice.binlog.disk;

/** A file or a folder. */
sealed interface SimulatedNode permits SimulatedFile, SimulatedFolder {}
