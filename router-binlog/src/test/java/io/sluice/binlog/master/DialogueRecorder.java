package io.sluice.binlog.master;

import io.sluice.mysql.constant.Command;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.message.ComRegisterSlave;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Remembers what a dialogue asks and finds out. */
final class DialogueRecorder implements MasterDialogue.Wire, MasterDialogue.Listener {
  final List<String> asked = new ArrayList<>();
  Map<String, String> variables = Map.of();
  Map<String, VariableTraits> traits = Map.of();
  DumpCommand command;
  ComBinlogDump dump;
  boolean checksums;
  boolean acknowledges;
  String epoch;
  LinkFailure refused;
  long clock;
  ComRegisterSlave registration;

  String last() {
    return asked.get(asked.size() - 1);
  }

  @Override
  public void query(String sql) {
    asked.add(sql);
  }

  @Override
  public void register(ComRegisterSlave request) {
    asked.add("COM_REGISTER_SLAVE");
    registration = request;
  }

  @Override
  public void onStep(DialogueStep step) {}

  @Override
  public void onClock(long masterSeconds) {
    clock = masterSeconds;
  }

  @Override
  public void onVariables(Map<String, String> values, Map<String, VariableTraits> kinds) {
    variables = values;
    traits = kinds;
  }

  @Override
  public void onEpoch(String file) {
    epoch = file;
  }

  @Override
  public void onDump(DumpCommand request, boolean withChecksums, boolean withAcks) {
    command = request;
    dump = request.command() == Command.BINLOG_DUMP ? Results.decoded(request) : null;
    acknowledges = withAcks;
    checksums = withChecksums;
  }

  @Override
  public void onRefused(LinkFailure failure) {
    refused = failure;
  }
}
