# Pipes the reference's cases into the check.
if(NOT EXISTS "${WEB_CLIENT}/node_modules/ot-text-unicode")
  message("the web client's npm packages are not installed")
  return()
endif()
execute_process(
  COMMAND node "${WEB_CLIENT}/tests/differential/text_cases.mjs" ${SEED} ${CASES}
  COMMAND "${CHECK}"
  RESULTS_VARIABLE results
  COMMAND_ECHO STDOUT)
if(NOT results STREQUAL "0;0")
  message(FATAL_ERROR "the check ended with ${results}")
endif()
