package io.sluice.core.admin;

import java.util.Map;

/**
 * One resource of the API.
 *
 * @param id unique within its type
 * @param attributes what is shown, in order
 */
record Resource(String id, Map<String, Object> attributes) {}
